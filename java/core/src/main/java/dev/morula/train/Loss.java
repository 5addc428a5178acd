package dev.morula.train;

import dev.morula.kernel.ElementType;
import dev.morula.kernel.Kernels;
import dev.morula.kernel.Matrix;

/** Softmax cross-entropy of a batch, summed up. */
final class Loss implements AutoCloseable {
    private final Kernels kernels;
    private final Matrix losses;
    private final Matrix predicted;

    Loss(Kernels kernels, long batch) {
        this.kernels = kernels;
        this.losses = Matrix.allocate(ElementType.F32, batch, 1);
        this.predicted = Matrix.allocate(ElementType.I32, batch, 1);
    }

    /** Loss and errors of {@code logits}; {@code dlogits}, which may be null, gets the gradient of the mean loss. */
    TrainingStep.Outcome of(Matrix dlogits, Matrix logits, Matrix labels) {
        int count = (int) logits.rows();
        kernels.losses()
                .softmaxCrossEntropy(dlogits, losses.slice(0, count), predicted.slice(0, count), logits, labels);
        float[] loss = new float[count];
        losses.read(0, loss, 0, count);
        double sum = 0;
        for (float one : loss) {
            sum += one;
        }
        return new TrainingStep.Outcome(sum, wrong(count, labels));
    }

    private int wrong(int count, Matrix labels) {
        int[] guesses = new int[count];
        int[] truth = new int[count];
        predicted.read(0, guesses, 0, count);
        labels.read(0, truth, 0, count);
        int wrong = 0;
        for (int i = 0; i < count; i++) {
            wrong += guesses[i] == truth[i] ? 0 : 1;
        }
        return wrong;
    }

    @Override
    public void close() {
        losses.close();
        predicted.close();
    }
}
