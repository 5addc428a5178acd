package dev.morula.report;

import java.util.List;

/**
 * Clones that were dealt from the types of a layer's neurons, and how they do on test samples beside random chunks.
 *
 * @param sentence what the test came to
 * @param types groups of neurons that carry the same signal
 * @param neurons of the layer
 * @param largestType neurons in the largest type
 * @param clones in the order in which they were dealt
 * @param low and high: the test accuracy of random chunks of as many neurons, two standard deviations below and above their
 *     mean; null where it was not measured
 */
public record CloneTable(
        String sentence, long types, long neurons, long largestType, List<Clone> clones, Double low, Double high) {
    public CloneTable {
        clones = List.copyOf(clones);
    }

    /**
     * One clone; what was not measured is null.
     *
     * @param covered share of the types that it has a neuron of
     * @param accuracy share of test samples that it classifies right through the read-out
     * @param r2 share of the layer's variance that a linear fit on the clone explains
     * @param residualCorrelation mean absolute correlation of what that leaves of the other clones' neurons
     * @param p share of random chunks that are at least as accurate
     */
    public record Clone(
            int neurons, Double covered, Double accuracy, Double r2, Double residualCorrelation, Double p) {}
}
