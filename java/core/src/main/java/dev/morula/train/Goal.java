package dev.morula.train;

/** When training ends. */
public enum Goal {
    /** With the schedule. */
    SCHEDULE_DONE,
    /**
     * As soon as the whole schedule is done and no training sample is misclassified: training goes on at the schedule's
     * last rate until then, or until the last epoch allowed.
     */
    ZERO_TRAIN_ERROR
}
