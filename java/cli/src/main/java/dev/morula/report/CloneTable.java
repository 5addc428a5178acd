package dev.morula.report;

import java.util.List;

/**
 * Clones that were dealt from the types of a layer's neurons, and how they do on held-out samples beside random chunks.
 *
 * @param sentence what the test came to
 * @param types groups of neurons that carry the same signal
 * @param neurons of the layer
 * @param largestType neurons in the largest type
 * @param clones in the order in which they were dealt
 * @param chunks what random chunks of the same size do
 */
public record CloneTable(
        String sentence, long types, long neurons, long largestType, List<Clone> clones, Chunks chunks) {
    public CloneTable {
        clones = List.copyOf(clones);
    }

    /**
     * One clone; what was not measured is null.
     *
     * @param types how many of the types it has a neuron of
     * @param accuracy share of held-out samples that it classifies right through the read-out
     * @param r2 share of the layer's variance that a linear fit on the clone explains
     * @param residualCorrelation mean absolute correlation of its residuals with the other clones'
     * @param atLeastAsGood share of random chunks that are at least as accurate: the p-value
     */
    public record Clone(
            int neurons, int types, Double accuracy, Double r2, Double residualCorrelation, Double atLeastAsGood) {}

    /** Accuracy of random chunks: the mean, and bounds that hold 95 % of them; null where it was not measured. */
    public record Chunks(Double accuracy, Double low, Double high) {
        boolean isKnown() {
            return low != null && high != null && Double.isFinite(low) && Double.isFinite(high);
        }
    }
}
