package dev.morula.correlate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.morula.kernel.Metric;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Intervals from samples of layers of which every correlation is known. */
class PairShareTest {
    private static final int NEURONS = 500;
    private static final int TRIALS = 400;
    private static final int BINS = 20;

    /** Layers whose neurons differ much, little, or come in groups, in how many partners they have. */
    enum Kind {
        LOW_RANK,
        NOISE,
        GROUPS;

        double[][] layer() {
            return switch (this) {
                case LOW_RANK -> TestLayers.lowRank(NEURONS, 60, 4, 0.5, 1);
                case NOISE -> TestLayers.gaussian(NEURONS, 30, 2);
                case GROUPS -> groups();
            };
        }

        /** Twenty groups of copies with noise. */
        private static double[][] groups() {
            double[][] noise = TestLayers.gaussian(NEURONS, 40, 3);
            for (int i = 20; i < NEURONS; i++) {
                for (int k = 0; k < 40; k++) {
                    noise[i][k] = noise[i % 20][k] + 0.5 * noise[i][k];
                }
            }
            return noise;
        }
    }

    /** In the mean over all bins and samples 95 % of the intervals hold the true share; none of the bins is far off. */
    @ParameterizedTest
    @EnumSource
    void intervalsHoldTheTrueShare(Kind kind) {
        int[][] bins = bins(kind.layer());
        double[] truth = shares(bins, IntStream.range(0, NEURONS).toArray());
        for (int drawn : new int[] {60, 250}) {
            double[] covered = new double[BINS];
            for (int trial = 0; trial < TRIALS; trial++) {
                PairShare[] estimates = estimate(bins, sample(drawn, trial));
                for (int bin = 0; bin < BINS; bin++) {
                    boolean holds = estimates[bin].lower() <= truth[bin] && truth[bin] <= estimates[bin].upper();
                    covered[bin] += holds ? 1.0 / TRIALS : 0;
                }
            }
            assertThat(Arrays.stream(covered).average().orElseThrow()).isGreaterThan(0.945);
            assertThat(Arrays.stream(covered).min().orElseThrow()).isGreaterThan(0.85);
        }
    }

    /** So that they are of use: as narrow as the spread of the estimates over many samples says. */
    @ParameterizedTest
    @EnumSource
    void intervalsAreNoWiderThanTheyNeedToBe(Kind kind) {
        int[][] bins = bins(kind.layer());
        double[] truth = shares(bins, IntStream.range(0, NEURONS).toArray());
        int bin = IntStream.range(0, BINS)
                .boxed()
                .max((a, b) -> Double.compare(truth[a], truth[b]))
                .orElseThrow();
        double squares = 0;
        double width = 0;
        for (int trial = 0; trial < TRIALS; trial++) {
            PairShare estimate = estimate(bins, sample(250, trial))[bin];
            squares += Math.pow(estimate.value() - truth[bin], 2) / TRIALS;
            width += (estimate.upper() - estimate.lower()) / TRIALS;
        }
        assertThat(width / (2 * 1.96 * Math.sqrt(squares))).isBetween(0.9, 1.5);
    }

    @Test
    void whatWasNeverOrAlwaysFoundIsBoundedByIndependentPairs() {
        PairShare never = PairShare.sampled(0, 0, 400, 100_000);
        assertThat(never.value()).isZero();
        assertThat(never.lower()).isZero();
        assertThat(never.upper()).isBetween(3.69 / 200, 5.0 / 200); // 1 - 0.025^(1/200), and more for the correction
        long pairs = 400 * 399 / 2;
        PairShare always = PairShare.sampled(pairs, 400L * 399 * 398 / 2, 400, 100_000);
        assertThat(always.value()).isEqualTo(1);
        assertThat(always.lower()).isCloseTo(1 - never.upper(), within(1e-12));
        assertThat(always.upper()).isEqualTo(1);
    }

    @Test
    void allPairsNeedNoInterval() {
        assertThat(PairShare.exact(3, 12)).isEqualTo(new PairShare(0.25, 0.25, 0.25));
        assertThat(PairShare.exact(0, 0)).isEqualTo(new PairShare(0, 0, 0));
    }

    private static int[][] bins(double[][] layer) {
        CorrelationOracle oracle = new CorrelationOracle(layer, Metric.PEARSON);
        int[][] bins = new int[NEURONS][NEURONS];
        for (int i = 0; i < NEURONS; i++) {
            for (int j = 0; j < NEURONS; j++) {
                bins[i][j] = Math.min(BINS - 1, (int) ((oracle.correlation(i, j) + 1) / 2 * BINS));
            }
        }
        return bins;
    }

    private static int[] sample(int drawn, long seed) {
        return new Random(seed).ints(0, NEURONS).distinct().limit(drawn).toArray();
    }

    private static double[] shares(int[][] bins, int[] neurons) {
        return Arrays.stream(estimate(bins, neurons))
                .mapToDouble(PairShare::value)
                .toArray();
    }

    private static PairShare[] estimate(int[][] bins, int[] neurons) {
        long[] found = new long[BINS];
        long[] sharing = new long[BINS];
        for (int i : neurons) {
            int[] degrees = new int[BINS];
            for (int j : neurons) {
                degrees[bins[i][j]] += i == j ? 0 : 1;
            }
            for (int bin = 0; bin < BINS; bin++) {
                found[bin] += degrees[bin];
                sharing[bin] += degrees[bin] * (degrees[bin] - 1L) / 2;
            }
        }
        PairShare[] shares = new PairShare[BINS];
        Arrays.setAll(shares, bin -> PairShare.sampled(found[bin] / 2, sharing[bin], neurons.length, NEURONS));
        return shares;
    }
}
