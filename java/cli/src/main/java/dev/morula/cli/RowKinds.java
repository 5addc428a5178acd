package dev.morula.cli;

import dev.morula.cluster.Duplicates;
import dev.morula.standardise.NeuronState;
import dev.morula.standardise.StandardisedLayer;
import java.util.Arrays;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/**
 * The kept rows that stand for no other, each list ascending. Nothing proves a row without a correlation to be a
 * duplicate, so it is kept, and listed for its reason.
 *
 * @param alone rows that have correlations
 * @param zero rows that are 0 throughout
 * @param constant rows that are constant otherwise and so have no Pearson correlation
 * @param nonFinite rows with a NaN or infinity
 */
record RowKinds(int[] alone, int[] zero, int[] constant, int[] nonFinite) {
    static RowKinds of(StandardisedLayer layer, Duplicates duplicates) {
        boolean[] correlated = new boolean[layer.neurons()];
        Arrays.stream(layer.correlated()).forEach(row -> correlated[row] = true);
        return new RowKinds(
                rows(layer, row -> correlated[row] && duplicates.isAlone(row)),
                rows(layer, row -> !correlated[row] && layer.state(row) == NeuronState.NEVER_ACTIVE),
                rows(layer, row -> !correlated[row] && layer.state(row) == NeuronState.CONSTANT),
                rows(layer, row -> !correlated[row] && layer.state(row) == NeuronState.NON_FINITE));
    }

    private static int[] rows(StandardisedLayer layer, IntPredicate wanted) {
        return IntStream.range(0, layer.neurons()).filter(wanted).toArray();
    }
}
