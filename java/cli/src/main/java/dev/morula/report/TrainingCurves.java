package dev.morula.report;

import java.util.List;

/** The course of training, one entry an epoch. */
public record TrainingCurves(List<Epoch> epochs) {
    /**
     * One pass over the train samples. NaN stands for what was not measured.
     *
     * @param epoch counted from 1
     * @param trainLoss mean loss over the train samples
     * @param trainError fraction of train samples that are wrong, 0 to 1
     * @param testError fraction of test samples that are wrong, 0 to 1
     * @param learningRate at the end of the epoch
     */
    public record Epoch(int epoch, double trainLoss, double trainError, double testError, double learningRate) {}

    public TrainingCurves {
        epochs = List.copyOf(epochs);
    }
}
