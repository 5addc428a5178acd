package dev.morula.correlate;

import dev.morula.kernel.ElementType;
import dev.morula.kernel.Kernels;
import dev.morula.kernel.Kernels.Selection;
import dev.morula.kernel.Matrix;
import dev.morula.kernel.Progress;
import dev.morula.kernel.Workers;
import java.util.Arrays;

/** Guesses what correlation the strongest partners of a neuron reach, so that a plan can be made for it. */
final class TypicalBound {
    private TypicalBound() {}

    /** What the strongest partners of half of a sample's neurons reach; at least the query's threshold. */
    static double of(NeuronSample sample, long neurons, StrongestQuery query, Kernels kernels, Workers workers) {
        int others = sample.right();
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
            float[] reached = Arrays.copyOfRange(rows.least(), sample.basis(), sample.basis() + sample.left());
            Arrays.sort(reached);
            double middle = Math.max(-1, Math.min(1, reached[reached.length / 2]));
            return Math.max(middle, query.pairs().threshold());
        }
    }

    private static void addPairs(Candidates candidates, NeuronSample sample) {
        long[] pairs = new long[sample.right()];
        try (Matrix row = Matrix.allocate(ElementType.I64, 1, pairs.length)) {
            for (long left = sample.basis(); left < sample.basis() + sample.left(); left++) {
                long first = left << 32 | sample.basis() + sample.left();
                Arrays.setAll(pairs, right -> first + right);
                row.write(0, pairs, 0, pairs.length);
                candidates.add(row, pairs.length, 0);
            }
        }
    }
}
