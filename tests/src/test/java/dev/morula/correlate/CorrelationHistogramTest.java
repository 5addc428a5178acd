package dev.morula.correlate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.morula.kernel.ElementType;
import dev.morula.kernel.Kernels;
import dev.morula.kernel.Matrices;
import dev.morula.kernel.Matrix;
import dev.morula.kernel.Metric;
import dev.morula.kernel.Progress;
import dev.morula.kernel.Workers;
import dev.morula.standardise.StandardisedLayer;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CorrelationHistogramTest {
    private static final double ROUNDING = 1e-5; // of a float32 product

    private static CorrelationHistogram histogram(double[][] layer, long seed, int threads) {
        try (Kernels kernels = Kernels.cpu();
                Workers workers = new Workers(threads);
                Matrix values = Matrices.of(layer, ElementType.F32);
                StandardisedLayer standardised =
                        StandardisedLayer.measure(values, Metric.PEARSON, kernels, workers, Progress.NONE)) {
            return CorrelationHistogram.of(standardised, seed, kernels, workers, Progress.NONE);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 511, 512, 513, 1100})
    void countsEveryPairOnceInItsBin(int neurons) {
        double[][] layer = TestLayers.lowRank(neurons, 41, 3, 0.3, neurons);
        CorrelationHistogram histogram = histogram(layer, 1, 2);
        assertThat(histogram.isExact()).isTrue();
        assertThat(histogram.neurons()).isEqualTo(neurons);
        assertThat(Arrays.stream(histogram.counts()).sum()).isEqualTo(neurons * (neurons - 1L) / 2);
        CorrelationOracle oracle = new CorrelationOracle(layer, Metric.PEARSON);
        int bins = histogram.counts().length;
        for (int bin = 0; bin < bins; bin++) {
            double from = bin == 0 ? -2 : -1 + 2.0 * bin / bins;
            double to = bin == bins - 1 ? 2 : -1 + 2.0 * (bin + 1) / bins;
            assertThat(histogram.counts()[bin])
                    .isBetween(
                            pairs(oracle, neurons, from + ROUNDING, to - ROUNDING),
                            pairs(oracle, neurons, from - ROUNDING, to + ROUNDING));
        }
    }

    private static long pairs(CorrelationOracle oracle, int neurons, double from, double to) {
        long pairs = 0;
        for (int i = 0; i < neurons; i++) {
            for (int j = i + 1; j < neurons; j++) {
                double r = oracle.correlation(i, j);
                pairs += r >= from && r < to ? 1 : 0;
            }
        }
        return pairs;
    }

    @Test
    void sharesOfAllPairsAreExact() {
        double[][] layer = TestLayers.lowRank(600, 41, 3, 0.3, 5);
        CorrelationHistogram histogram = histogram(layer, 1, 2);
        CorrelationOracle oracle = new CorrelationOracle(layer, Metric.PEARSON);
        int bins = histogram.counts().length;
        int[][] degrees = new int[bins][layer.length];
        for (int i = 0; i < layer.length; i++) {
            for (int j = 0; j < layer.length; j++) {
                int bin = Math.min(bins - 1, (int) ((oracle.correlation(i, j) + 1) / 2 * bins));
                degrees[bin][i] += i == j ? 0 : 1;
            }
        }
        for (int bin = 0; bin < bins; bin++) {
            double share = histogram.counts()[bin] / (600 * 599 / 2.0);
            assertThat(histogram.share(bin)).isEqualTo(new PairShare(share, share, share));
            long sharing =
                    Arrays.stream(degrees[bin]).mapToLong(d -> d * (d - 1L) / 2).sum();
            assertThat((double) histogram.sharing()[bin]).isCloseTo(sharing, within(1e-3 * sharing + 50));
        }
    }

    @Test
    void neuronsWithoutACorrelationAreLeftOut() {
        double[][] layer = TestLayers.gaussian(40, 30, 1);
        Arrays.fill(layer[3], 0);
        Arrays.fill(layer[20], 2.5);
        CorrelationHistogram histogram = histogram(layer, 1, 1);
        assertThat(histogram.candidates()).isEqualTo(38);
        assertThat(Arrays.stream(histogram.counts()).sum()).isEqualTo(38 * 37 / 2);
    }

    @Test
    void clonesAndNegatedClonesFallIntoTheOutermostBins() {
        double[][] original = TestLayers.gaussian(1, 100, 2);
        double[][] layer = {original[0], original[0], TestLayers.map(original, x -> -3 * x)[0]};
        long[] counts = histogram(layer, 1, 1).counts();
        assertThat(counts[0]).isEqualTo(2);
        assertThat(counts[counts.length - 1]).isEqualTo(1);
    }

    @Test
    void ofAWideLayerPairsOfASampleAreCountedAndItSaysSo() {
        double[][] layer = TestLayers.gaussian(CorrelationHistogram.EXACT_UP_TO + 1, 5, 3);
        CorrelationHistogram histogram = histogram(layer, 7, 2);
        assertThat(histogram.isExact()).isFalse();
        assertThat(histogram.candidates()).isEqualTo(layer.length);
        assertThat(histogram.neurons()).isLessThan(layer.length);
        assertThat(histogram.seed()).isEqualTo(7);
        long pairs = histogram.neurons() * (histogram.neurons() - 1L) / 2;
        assertThat(Arrays.stream(histogram.counts()).sum()).isEqualTo(pairs);
        assertThat(histogram(layer, 7, 1).counts()).isEqualTo(histogram.counts());
        assertThat(histogram(layer, 7, 1).sharing()).isEqualTo(histogram.sharing());
        assertThat(histogram(layer, 8, 2).counts()).isNotEqualTo(histogram.counts());
    }
}
