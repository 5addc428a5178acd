package dev.morula.correlate;

import dev.morula.kernel.ElementType;
import dev.morula.kernel.Kernels;
import dev.morula.kernel.Matrix;
import dev.morula.kernel.Progress;
import dev.morula.kernel.Stage;
import dev.morula.kernel.Workers;
import dev.morula.standardise.StandardisedLayer;
import java.util.Arrays;
import java.util.Random;

/**
 * How the correlations of all pairs are distributed, in bins of equal width from -1 to 1. Every pair of the neurons looked
 * at is counted, its correlation computed in float32. Up to a number of neurons these are all of them; of wider layers a
 * random sample is drawn.
 *
 * @param counts pairs in each bin; bin b reaches from -1 + 2 b / bins to -1 + 2 (b + 1) / bins, the last one included
 * @param sharing how often two of these pairs of one bin share a neuron, which tells how far a sample can be trusted
 * @param neurons neurons whose pairs were counted
 * @param candidates neurons that have a correlation at all; equal to {@code neurons} if the histogram is exact
 * @param seed of the sample
 */
public record CorrelationHistogram(long[] counts, long[] sharing, int neurons, int candidates, long seed) {
    /** Up to this many neurons every pair is counted. */
    public static final int EXACT_UP_TO = 8192;

    private static final Stage STAGE = new Stage("histogram", Stage.Unit.PAIRS);
    private static final int BINS = 200;
    private static final int SAMPLED = 4096;
    private static final int PANEL = 512;

    public boolean isExact() {
        return neurons == candidates;
    }

    /** Pairs that were counted. */
    public long pairs() {
        return neurons * (neurons - 1L) / 2;
    }

    /** The share of all pairs that falls into a bin, from 0 to 1; if it comes from a sample, with a 95 % confidence interval. */
    public PairShare share(int bin) {
        return isExact()
                ? PairShare.exact(counts[bin], pairs())
                : PairShare.sampled(counts[bin], sharing[bin], neurons, candidates);
    }

    /** Bytes that {@link #of} takes with {@code workers} threads, beside the Java heap. */
    public static long bytes(long samples, int workers) {
        return (workers + 1L) * PANEL * samples * Float.BYTES + (long) workers * PANEL * PANEL * Float.BYTES;
    }

    /** Counts the pairs of {@code layer}. */
    public static CorrelationHistogram of(
            StandardisedLayer layer, long seed, Kernels kernels, Workers workers, Progress progress) {
        int[] candidates = layer.correlated();
        int[] chosen = candidates.length <= EXACT_UP_TO ? candidates : sample(candidates, seed);
        int[] degrees = new int[chosen.length * BINS]; // how many partners each neuron has in each bin
        int panels = (chosen.length + PANEL - 1) / PANEL;
        long pairs = pairsBefore(chosen.length, chosen.length);
        for (int panel = 0; panel < panels; panel++) {
            progress.report(STAGE, pairsBefore(panel * PANEL, chosen.length), pairs);
            countPanel(degrees, layer, chosen, panel, kernels, workers);
        }
        progress.report(STAGE, pairs, pairs);
        return of(degrees, chosen.length, candidates.length, seed);
    }

    private static CorrelationHistogram of(int[] degrees, int neurons, int candidates, long seed) {
        long[] counts = new long[BINS];
        long[] sharing = new long[BINS];
        for (int k = 0; k < degrees.length; k++) {
            counts[k % BINS] += degrees[k];
            sharing[k % BINS] += degrees[k] * (degrees[k] - 1L) / 2;
        }
        return new CorrelationHistogram(
                Arrays.stream(counts).map(ends -> ends / 2).toArray(), sharing, neurons, candidates, seed);
    }

    /** Pairs whose first neuron is one of the first {@code left} of {@code neurons}. */
    private static long pairsBefore(long left, long neurons) {
        return left * (2 * neurons - left - 1) / 2;
    }

    private static int[] sample(int[] candidates, long seed) {
        return new Random(seed)
                .ints(0, candidates.length)
                .distinct()
                .limit(SAMPLED)
                .map(k -> candidates[k])
                .toArray();
    }

    /** Pairs of which the first neuron is in the given panel and the second one behind it. */
    private static void countPanel(
            int[] degrees, StandardisedLayer layer, int[] neurons, int panel, Kernels kernels, Workers workers) {
        int first = panel * PANEL;
        try (Matrix left = standardised(layer, neurons, first, kernels)) {
            int panels = (neurons.length - first + PANEL - 1) / PANEL;
            workers.forEach(panels, (part, worker) -> {
                int second = first + (int) part * PANEL;
                try (Matrix right = standardised(layer, neurons, second, kernels);
                        Matrix products = Matrix.allocate(ElementType.F32, left.rows(), right.rows())) {
                    kernels.product(products, left, right);
                    addTo(degrees, products, first, second);
                }
            });
        }
    }

    private static Matrix standardised(StandardisedLayer layer, int[] neurons, int first, Kernels kernels) {
        int rows = Math.min(PANEL, neurons.length - first);
        Matrix standardised = Matrix.allocate(ElementType.F32, rows, layer.samples());
        try (Matrix members = Matrix.allocate(ElementType.I32, 1, rows)) {
            members.write(0, neurons, first, rows);
            kernels.standardise(standardised, layer.view(), members, 1);
        }
        return standardised;
    }

    private static void addTo(int[] degrees, Matrix products, int first, int second) {
        int columns = (int) products.columns();
        int[] ofRows = new int[(int) products.rows() * BINS];
        int[] ofColumns = new int[columns * BINS];
        for (int i = 0; i < products.rows(); i++) {
            float[] row = products.row(i);
            for (int j = Math.max(0, i + 1 - (second - first)); j < columns; j++) {
                int bin = Math.max(0, Math.min(BINS - 1, (int) ((row[j] + 1) * (BINS / 2))));
                ofRows[i * BINS + bin]++;
                ofColumns[j * BINS + bin]++;
            }
        }
        synchronized (degrees) {
            add(degrees, first * BINS, ofRows);
            add(degrees, second * BINS, ofColumns);
        }
    }

    private static void add(int[] degrees, int from, int[] added) {
        for (int k = 0; k < added.length; k++) {
            degrees[from + k] += added[k];
        }
    }
}
