package dev.morula.train;

import java.util.List;

/**
 * What training came to.
 *
 * @param train the trained network on the train set
 * @param goalReached whether training ended as the goal says, rather than with the last epoch allowed
 */
public record TrainingResult(List<EpochReport> epochs, Evaluation train, boolean goalReached) {
    public TrainingResult {
        epochs = List.copyOf(epochs);
    }
}
