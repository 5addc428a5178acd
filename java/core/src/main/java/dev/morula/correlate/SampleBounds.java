package dev.morula.correlate;

import dev.morula.kernel.ElementType;
import dev.morula.kernel.Kernels;
import dev.morula.kernel.Kernels.Selection;
import dev.morula.kernel.Matrix;
import dev.morula.kernel.Progress;
import dev.morula.kernel.Workers;
import java.util.Arrays;
import java.util.stream.IntStream;

/** Guesses what correlations the strongest partners of some neurons reach, so that a plan can be made for them. */
final class SampleBounds {
    private SampleBounds() {}

    /**
     * For each neuron of a sample what the strongest of as large a share of its neighbours in the sample reach as of all
     * neurons; the query's threshold for those that directions are taken from.
     */
    static double[] of(NeuronSample sample, long neurons, StrongestQuery query, Kernels kernels, Workers workers) {
        int others = sample.left() + sample.right() - 1;
        long share = Math.round((double) query.most() * others / neurons);
        StrongestQuery ofShare = new StrongestQuery((int) Math.max(1, Math.min(share, others)), query.pairs());
        try (Positions positions = Positions.all(sample.layer().neurons());
                Candidates candidates = new Candidates(Long.MAX_VALUE, 1);
                EdgeList found = new EdgeList();
                Refinement refinement = new Refinement(
                        sample.layer(),
                        positions,
                        new Selection(positions.list(), Double.NEGATIVE_INFINITY, query.sign()),
                        kernels,
                        workers,
                        Progress.NONE);
                StrongestRows rows = new StrongestRows(sample.layer(), ofShare, kernels, workers)) {
            addPairs(candidates, sample);
            refinement.run(candidates, (pairs, values, count, decided) -> found.add(pairs, values, count));
            rows.take(found);
            float[] least = rows.least();
            return IntStream.range(0, least.length)
                    .mapToDouble(i -> Math.max(least[i], query.threshold()))
                    .toArray();
        }
    }

    private static void addPairs(Candidates candidates, NeuronSample sample) {
        int first = sample.basis();
        int count = sample.left() + sample.right();
        long[] pairs = new long[count];
        try (Matrix row = Matrix.allocate(ElementType.I64, 1, count)) {
            for (int i = 0; i < count; i++) {
                long left = (long) (first + i) << 32 | first + i + 1;
                Arrays.setAll(pairs, right -> left + right);
                row.write(0, pairs, 0, count - 1 - i);
                candidates.add(row, count - 1 - i, 0);
            }
        }
    }
}
