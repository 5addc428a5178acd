package dev.morula.train;

import dev.morula.MorulaException;
import dev.morula.prepare.Batches;

/** Trains on all samples once, in random order, batch by batch. */
final class Epoch {
    private final TrainingStep step;
    private final Batches batches;
    private final TrainingListener listener;

    Epoch(TrainingStep step, Batches batches, TrainingListener listener) {
        this.step = step;
        this.batches = batches;
        this.listener = listener;
    }

    EpochReport run(int epoch, double rate) {
        long start = System.nanoTime();
        batches.shuffle(epoch);
        int steps = batches.count();
        double loss = 0;
        long wrong = 0;
        for (int number = 1; number <= steps; number++) {
            TrainingStep.Outcome outcome = step.run(batches.get(number - 1), rate);
            requireFinite(outcome.loss(), epoch, number, steps, rate);
            loss += outcome.loss();
            wrong += outcome.wrong();
            listener.stepDone(epoch, number, steps);
        }
        double seconds = (System.nanoTime() - start) * 1e-9;
        return new EpochReport(
                epoch, rate, loss / batches.samples(), (double) wrong / batches.samples(), null, seconds);
    }

    private static void requireFinite(double loss, int epoch, int step, int steps, double rate) {
        if (!Double.isFinite(loss)) {
            throw MorulaException.usage(
                    "training diverged: the loss was %s in epoch %d, step %d of %d, at rate %s; a lower lr may help",
                    loss, epoch, step, steps, rate);
        }
    }
}
