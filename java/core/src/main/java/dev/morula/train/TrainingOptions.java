package dev.morula.train;

import dev.morula.MorulaException;
import dev.morula.prepare.Augmentation;

/**
 * How to train.
 *
 * @param batch samples a step; the last step of an epoch may have fewer
 * @param epochs length of the schedule
 * @param maxEpochs the last epoch allowed when the goal outlasts the schedule
 * @param seed decides the order of the samples, how they are augmented and what dropout leaves out
 */
public record TrainingOptions(
        Optimizer optimizer,
        Schedule schedule,
        Loss loss,
        Augmentation augmentation,
        int batch,
        int epochs,
        Goal goal,
        int maxEpochs,
        long seed) {
    public TrainingOptions {
        requirePositive("batch", batch);
        requirePositive("epochs", epochs);
        if (maxEpochs < epochs) {
            throw MorulaException.usage("max-epochs is %d, but the schedule alone has %d", maxEpochs, epochs);
        }
    }

    private static void requirePositive(String name, int value) {
        if (value < 1) {
            throw MorulaException.usage("%s is %d, but must be at least 1", name, value);
        }
    }

    /** The last epoch there can be. */
    public int lastEpoch() {
        return goal.outlastsSchedule() ? maxEpochs : epochs;
    }

    public static Builder builder() {
        return new Builder();
    }

    /** Starts from what the demo uses: batches of 128, 20 epochs of a cosine schedule. */
    public static final class Builder {
        private Optimizer optimizer = new Sgd(0.05, 0.9, 5e-4);
        private Schedule schedule = Schedule.COSINE;
        private Loss loss = new Loss.CrossEntropy(0);
        private Augmentation augmentation = Augmentation.NONE;
        private int batch = 128;
        private int epochs = 20;
        private Goal goal = new Goal.ScheduleDone();
        private Integer maxEpochs;
        private long seed = 1;

        private Builder() {}

        public Builder optimizer(Optimizer value) {
            optimizer = value;
            return this;
        }

        public Builder schedule(Schedule value) {
            schedule = value;
            return this;
        }

        public Builder loss(Loss value) {
            loss = value;
            return this;
        }

        public Builder augmentation(Augmentation value) {
            augmentation = value;
            return this;
        }

        public Builder batch(int value) {
            batch = value;
            return this;
        }

        public Builder epochs(int value) {
            epochs = value;
            return this;
        }

        public Builder goal(Goal value) {
            goal = value;
            return this;
        }

        /** By default twice the schedule and 20 epochs more. */
        public Builder maxEpochs(int value) {
            maxEpochs = value;
            return this;
        }

        public Builder seed(long value) {
            seed = value;
            return this;
        }

        public TrainingOptions build() {
            int last = maxEpochs != null ? maxEpochs : (int) Math.min(2L * epochs + 20, Integer.MAX_VALUE);
            return new TrainingOptions(optimizer, schedule, loss, augmentation, batch, epochs, goal, last, seed);
        }
    }
}
