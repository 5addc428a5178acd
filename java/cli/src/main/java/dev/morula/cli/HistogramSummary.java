package dev.morula.cli;

import dev.morula.correlate.CorrelationHistogram;
import dev.morula.correlate.PairShare;
import java.util.Arrays;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/**
 * How all correlations of a layer are distributed: the JSON of {@code morula correlate --histogram}.
 *
 * @param exact whether all pairs were counted
 * @param neurons neurons that have a correlation at all; constant ones and dropped ones have none
 * @param pairs pairs that were counted
 * @param binEdges where bins begin and end, ascending: one more than there are bins; the last bin includes its end
 * @param counts pairs in each bin, of those that were counted; each correlation was computed in float32
 * @param shares the share of all pairs that each bin has, from 0 to 1; an estimate unless exact
 * @param sample how the shares were estimated; null if exact
 */
record HistogramSummary(
        String metric,
        boolean exact,
        int neurons,
        long pairs,
        double[] binEdges,
        long[] counts,
        double[] shares,
        Sample sample) {

    /**
     * An estimate from a part of the neurons.
     *
     * @param neurons neurons drawn at random, all pairs of which were counted
     * @param confidence how often such an interval holds the true share
     * @param lower where the interval around each share begins
     * @param upper where it ends
     * @param method how the intervals were made
     */
    record Sample(int neurons, long seed, double confidence, double[] lower, double[] upper, String method) {}

    private static final double CONFIDENCE = 0.95;
    private static final String METHOD =
            "all pairs of a random sample of neurons; variance of a U-statistic of degree 2 "
                    + "under sampling without replacement; Wilson's interval with continuity correction, a bin at a time";

    static HistogramSummary of(CorrelationHistogram histogram, String metric) {
        int bins = histogram.counts().length;
        PairShare[] shares = new PairShare[bins];
        Arrays.setAll(shares, histogram::share);
        Sample sample = new Sample(
                histogram.neurons(),
                histogram.seed(),
                CONFIDENCE,
                each(shares, PairShare::lower),
                each(shares, PairShare::upper),
                METHOD);
        return new HistogramSummary(
                metric,
                histogram.isExact(),
                histogram.candidates(),
                histogram.pairs(),
                IntStream.rangeClosed(0, bins)
                        .mapToDouble(bin -> 2.0 * bin / bins - 1)
                        .toArray(),
                histogram.counts(),
                each(shares, PairShare::value),
                histogram.isExact() ? null : sample);
    }

    private static double[] each(PairShare[] shares, ToDoubleFunction<PairShare> part) {
        return Arrays.stream(shares).mapToDouble(part).toArray();
    }
}
