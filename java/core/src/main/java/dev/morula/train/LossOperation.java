package dev.morula.train;

import dev.morula.kernel.ElementType;
import dev.morula.kernel.Kernels;
import dev.morula.kernel.LossKernels;
import dev.morula.kernel.Matrix;

/** A loss of one batch after the other, summed up. */
final class LossOperation implements AutoCloseable {
    private final LossKernels kernels;
    private final Loss loss;
    private final Matrix losses;
    private final Matrix predicted;

    /** For batches of at most {@code batch} samples. */
    LossOperation(Kernels kernels, Loss loss, long batch) {
        this.kernels = kernels.losses();
        this.loss = loss;
        this.losses = Matrix.allocate(ElementType.F32, batch, 1);
        this.predicted = Matrix.allocate(ElementType.I32, batch, 1);
    }

    /** Loss and errors of the outputs {@code out}; {@code dout}, which may be null, gets the gradient of the mean loss. */
    TrainingStep.Outcome of(Matrix dout, Matrix out, Matrix labels) {
        compute(dout, out, labels);
        return outcome(labels);
    }

    /** What the last outputs computed for {@code labels} came to. */
    TrainingStep.Outcome outcome(Matrix labels) {
        int count = (int) labels.rows();
        float[] each = new float[count];
        losses.read(0, each, 0, count);
        double sum = 0;
        for (float one : each) {
            sum += one;
        }
        return new TrainingStep.Outcome(sum, wrong(count, labels));
    }

    /** Computes what {@link #outcome} then adds up. */
    void compute(Matrix dout, Matrix out, Matrix labels) {
        Matrix each = losses.slice(0, out.rows());
        Matrix guesses = predicted.slice(0, out.rows());
        if (loss instanceof Loss.CrossEntropy entropy) {
            kernels.softmaxCrossEntropy(dout, each, guesses, out, labels, entropy.smoothing());
        } else if (loss instanceof Loss.MeanSquaredError) {
            kernels.meanSquaredError(dout, each, guesses, out, labels);
        } else {
            kernels.squareHinge(dout, each, guesses, out, labels);
        }
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
