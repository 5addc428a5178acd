package dev.morula.correlate;

import dev.morula.kernel.ElementType;
import dev.morula.kernel.Kernels;
import dev.morula.kernel.Kernels.Selection;
import dev.morula.kernel.Matrix;
import dev.morula.kernel.Progress;
import dev.morula.kernel.Workers;
import dev.morula.standardise.StandardisedLayer;
import java.util.Arrays;
import java.util.stream.IntStream;

/** Guesses what correlation the strongest partners of a neuron reach, so that a plan can be made for it. */
final class TypicalBound {
    private static final int FEWEST = 64; // neurons worth a sample

    private TypicalBound() {}

    /** The middle one of what some neurons' strongest partners reach in a part of the layer; at least the query's threshold. */
    static double of(StandardisedLayer layer, int[] neurons, StrongestQuery query, Kernels kernels, Workers workers) {
        if (neurons.length < FEWEST || query.pairs().plan() == PlanChoice.BRUTE) {
            return query.pairs().threshold();
        }
        NeuronSample sample = NeuronSample.of(neurons);
        int others = sample.right().length;
        int share = Math.max(1, (int) Math.round((double) query.most() * others / neurons.length));
        StrongestQuery ofShare = new StrongestQuery(Math.min(share, others), query.pairs());
        try (Positions positions =
                        new Positions(IntStream.concat(IntStream.of(sample.left()), IntStream.of(sample.right()))
                                .toArray());
                Candidates candidates = new Candidates(Long.MAX_VALUE, 1);
                EdgeList found = new EdgeList();
                Refinement refinement = new Refinement(
                        layer,
                        positions,
                        new Selection(positions.list(), Double.NEGATIVE_INFINITY, query.sign()),
                        kernels,
                        workers,
                        Progress.NONE);
                StrongestRows rows = new StrongestRows(layer, ofShare, kernels, workers)) {
            addPairs(candidates, sample.left().length, others);
            refinement.run(candidates, (pairs, values, count, decided) -> found.add(pairs, values, count));
            rows.take(found);
            float[] least = rows.least();
            double[] reached = IntStream.of(sample.left())
                    .mapToDouble(i -> least[i])
                    .sorted()
                    .toArray();
            double middle = Math.max(-1, Math.min(1, reached[reached.length / 2]));
            return Math.max(middle, query.pairs().threshold());
        }
    }

    private static void addPairs(Candidates candidates, int left, int right) {
        long[] pairs = new long[right];
        try (Matrix row = Matrix.allocate(ElementType.I64, 1, right)) {
            for (long i = 0; i < left; i++) {
                long first = i << 32 | left;
                Arrays.setAll(pairs, j -> first + j);
                row.write(0, pairs, 0, right);
                candidates.add(row, right, 0);
            }
        }
    }
}
