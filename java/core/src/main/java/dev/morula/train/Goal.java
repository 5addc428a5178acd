package dev.morula.train;

import dev.morula.MorulaException;

/** When training ends. */
public sealed interface Goal {
    /** With the schedule. */
    record ScheduleDone() implements Goal {
        @Override
        public String toString() {
            return "schedule-done";
        }
    }

    /**
     * As soon as the whole schedule is done and no training sample is misclassified, in evaluation and without augmentation:
     * training goes on at the schedule's last rate until then, or until the last epoch allowed.
     */
    record ZeroTrainError() implements Goal {
        @Override
        public String toString() {
            return "zero-train-error";
        }
    }

    /** After the first epoch whose mean training loss is at most {@code loss}, or with the last epoch allowed. */
    record LossAtMost(double loss) implements Goal {
        public LossAtMost {
            if (!(loss > 0)) {
                throw MorulaException.usage("until-loss is %s, but must be above 0", loss);
            }
        }

        @Override
        public String toString() {
            return "loss-at-most-" + loss;
        }
    }

    /**
     * When the error on the validation samples has not fallen for {@code patience} epochs, or with the schedule; the network
     * is then that of the epoch whose error was least.
     */
    record LeastValidationError(int patience) implements Goal {
        public LeastValidationError {
            if (patience < 1) {
                throw MorulaException.usage("patience is %d, but must be at least 1 epoch", patience);
            }
        }

        @Override
        public String toString() {
            return "least-validation-error-within-" + patience;
        }
    }

    /** Whether training may go on beyond the schedule, up to the last epoch allowed. */
    default boolean outlastsSchedule() {
        return this instanceof ZeroTrainError || this instanceof LossAtMost;
    }
}
