package dev.morula.train;

/**
 * How one epoch went. Loss and error are means over the epoch's samples as they were trained on, so the weights changed
 * meanwhile.
 *
 * @param epoch counted from 1
 * @param rate learning rate
 * @param trainError share of the samples that were misclassified, 0 to 1
 * @param seconds wall time of this epoch
 */
public record EpochReport(int epoch, double rate, double trainLoss, double trainError, double seconds) {}
