package dev.morula.redundancy.clones;

/**
 * One clone. Each figure is compared with that of chunks of as many random neurons, one of each random deal.
 *
 * @param neurons original indices, ascending
 * @param covered share of the types that it has a neuron of
 * @param trainError of its neurons through the read-out as it is, on train samples
 * @param testError the same on test samples
 * @param r2 share of the layer's variance on test samples that a ridge regression on the clone explains
 * @param residualCorrelation mean absolute correlation, over pairs of neurons of the other clones, of what that regression
 *     leaves of them
 */
public record CloneResult(
        int[] neurons,
        double covered,
        Comparison trainError,
        Comparison testError,
        Comparison r2,
        Comparison residualCorrelation) {}
