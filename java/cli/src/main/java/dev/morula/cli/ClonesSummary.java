package dev.morula.cli;

import dev.morula.redundancy.clones.CloneTest;
import java.util.List;
import java.util.Map;

/**
 * The clones of a run's last hidden layer: clones.json. Neurons are original indices. Undefined values are null.
 *
 * @param seed of every random choice
 * @param neurons of the layer
 * @param constantNeurons with one value on every train sample, dead ones among them: of no type and no clone
 * @param typeCount types, single neurons among them
 * @param sharedTypes types of more than one neuron
 * @param typeSizes neurons in each type, descending
 * @param types representatives and members, those of more than one neuron
 * @param cloneCount clones that were dealt; 0 if the types speak for none
 * @param test null if there are no clones
 */
record ClonesSummary(
        String run,
        String method,
        double threshold,
        long seed,
        int neurons,
        int constantNeurons,
        int typeCount,
        int sharedTypes,
        int[] typeSizes,
        List<Type> types,
        int cloneCount,
        CloneTest test,
        String sentence,
        Map<String, Double> seconds) {
    /** Neurons that carry the same signal. */
    record Type(int representative, int[] members) {}
}
