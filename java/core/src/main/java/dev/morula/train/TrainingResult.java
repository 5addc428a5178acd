package dev.morula.train;

import java.util.List;

/**
 * What training came to.
 *
 * @param preparation how samples were made inputs; whoever uses the network must do the same
 * @param train the trained network on the train set
 * @param seconds wall time of everything
 */
public record TrainingResult(
        List<EpochReport> epochs, FittedPreparation preparation, Evaluation train, Goal goal, double seconds) {
    public TrainingResult {
        epochs = List.copyOf(epochs);
    }

    public boolean goalReached() {
        return goal == Goal.SCHEDULE_DONE || train.wrong() == 0;
    }
}
