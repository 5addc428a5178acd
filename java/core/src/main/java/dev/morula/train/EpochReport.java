package dev.morula.train;

/**
 * How one epoch went. Loss and error are means over the epoch's samples as they were trained on, so the weights changed
 * meanwhile.
 *
 * @param epoch counted from 1
 * @param rate learning rate
 * @param trainError share of the samples that were misclassified, 0 to 1
 * @param validationError share of the validation samples that were misclassified after it; null without such samples
 * @param seconds wall time of this epoch
 */
public record EpochReport(
        int epoch, double rate, double trainLoss, double trainError, Double validationError, double seconds) {
    EpochReport withValidationError(double error) {
        return new EpochReport(epoch, rate, trainLoss, trainError, error, seconds);
    }
}
