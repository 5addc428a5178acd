package dev.morula.train;

/** Hears how training goes on, in the thread that trains. */
public interface TrainingListener {
    /** A listener that does nothing. */
    TrainingListener NONE = new TrainingListener() {};

    /** Step {@code step} of {@code steps} in epoch {@code epoch} is done; both are counted from 1. */
    default void stepDone(int epoch, int step, int steps) {}

    default void epochDone(EpochReport report) {}
}
