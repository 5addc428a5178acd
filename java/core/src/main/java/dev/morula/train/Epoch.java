package dev.morula.train;

import dev.morula.MorulaException;
import dev.morula.kernel.ElementType;
import dev.morula.kernel.Kernels;
import dev.morula.kernel.Matrix;

/** Trains on all samples once, in random order, batch by batch. */
final class Epoch implements AutoCloseable {
    private final Kernels kernels;
    private final TrainingStep step;
    private final Samples samples;
    private final RandomNumbers random;
    private final TrainingListener listener;
    private final Samples batch;
    private final Matrix indices;
    private final int[] labels;

    Epoch(Kernels kernels, TrainingStep step, Samples samples, int batchSize, long seed, TrainingListener listener) {
        this.kernels = kernels;
        this.step = step;
        this.samples = samples;
        this.random = new RandomNumbers(seed);
        this.listener = listener;
        this.batch = Samples.allocate(batchSize, samples.inputs().columns());
        this.indices = Matrix.allocate(ElementType.I32, batchSize, 1);
        this.labels = new int[(int) samples.count()];
        samples.labels().read(0, labels, 0, labels.length);
    }

    EpochReport run(int epoch, double rate) {
        long start = System.nanoTime();
        int[] order = random.permutation(labels.length);
        int batchSize = (int) batch.count();
        int steps = (order.length + batchSize - 1) / batchSize;
        double loss = 0;
        long wrong = 0;
        for (int number = 1; number <= steps; number++) {
            int first = (number - 1) * batchSize;
            TrainingStep.Outcome outcome =
                    step.run(gather(order, first, Math.min(batchSize, order.length - first)), rate);
            requireFinite(outcome.loss(), epoch, number, steps, rate);
            loss += outcome.loss();
            wrong += outcome.wrong();
            listener.stepDone(epoch, number, steps);
        }
        double seconds = (System.nanoTime() - start) * 1e-9;
        return new EpochReport(epoch, rate, loss / order.length, (double) wrong / order.length, seconds);
    }

    private Samples gather(int[] order, int first, int count) {
        Samples gathered = batch.slice(0, count);
        int[] chosen = new int[count];
        for (int i = 0; i < count; i++) {
            chosen[i] = labels[order[first + i]];
        }
        gathered.labels().write(0, chosen, 0, count);
        indices.write(0, order, first, count);
        kernels.samples().gatherRows(gathered.inputs(), samples.inputs(), indices.slice(0, count));
        return gathered;
    }

    private static void requireFinite(double loss, int epoch, int step, int steps, double rate) {
        if (!Double.isFinite(loss)) {
            throw MorulaException.usage(
                    "training diverged: the loss was %s in epoch %d, step %d of %d, at rate %s; a lower lr may help",
                    loss, epoch, step, steps, rate);
        }
    }

    @Override
    public void close() {
        batch.close();
        indices.close();
    }
}
