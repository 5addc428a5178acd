package dev.morula.correlate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.morula.kernel.Backend;
import dev.morula.kernel.ElementType;
import dev.morula.kernel.Kernels;
import dev.morula.kernel.Matrices;
import dev.morula.kernel.Matrix;
import dev.morula.kernel.Metric;
import dev.morula.kernel.Progress;
import dev.morula.kernel.Sign;
import dev.morula.kernel.Workers;
import dev.morula.standardise.StandardisedLayer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Pairs of integer vectors whose correlation is a fraction: edges where the threshold is that, not an ulp above it. */
@Tag("device")
@ParameterizedClass(name = "{0}")
@MethodSource("dev.morula.kernel.Backends#available")
class TieTest {
    private static final List<Metric> METRICS =
            List.of(Metric.PEARSON, Metric.COSINE); // SpearmanTest has ties of ranks
    private static final int PAIRS = 12;
    private static final int BLOCKS = 23;
    private static final double STEP_FROM_ZERO = 1e-20; // a tie is what lies within 2^-90, so an ulp of 0 is none

    /**
     * Two vectors of equal norm, and the double nearest to x . y / (x . x).
     *
     * @param tie whether the correlation reaches that double
     * @param negativeTie whether minus the correlation reaches minus that double
     */
    record Fraction(double nearest, boolean tie, boolean negativeTie, int[] x, int[] y) {
        double above() {
            return nearest + Math.max(Math.ulp(nearest), STEP_FROM_ZERO);
        }

        double below() {
            return nearest - Math.max(nearest - Math.nextDown(nearest), STEP_FROM_ZERO);
        }
    }

    static Stream<Fraction> fractions() {
        return Stream.of(
                new Fraction(0, true, true, new int[] {3, 4}, new int[] {4, -3}),
                new Fraction(0.25, true, true, new int[] {1, 1, 1, 1, 0, 0, 0}, new int[] {0, 0, 0, 1, 1, 1, 1}),
                new Fraction(0.5, true, true, new int[] {1, 1, 0}, new int[] {1, 0, 1}),
                new Fraction(0.75, true, true, new int[] {1, 1, 1, 1, 0}, new int[] {0, 1, 1, 1, 1}),
                new Fraction(0.6, true, false, new int[] {5, 0}, new int[] {3, 4}), // the double is less than 3/5
                new Fraction(0.8, false, true, new int[] {5, 0}, new int[] {4, 3}), // and this one more than 4/5
                new Fraction(1, true, true, new int[] {2, -7, 3}, new int[] {2, -7, 3}));
    }

    @Parameter
    private Backend backend;

    @ParameterizedTest
    @MethodSource("fractions")
    void aTieIsAnEdgeAndOneUlpDecides(Fraction fraction) {
        for (Metric metric : METRICS) {
            for (ElementType type : List.of(ElementType.F32, ElementType.F64)) {
                double[][] layer = layer(fraction, metric, 1);
                agrees(layer, type, metric, fraction.nearest, Sign.SIGNED, fraction.tie);
                agrees(layer, type, metric, fraction.below(), Sign.SIGNED, true);
                if (fraction.above() <= 1) {
                    agrees(layer, type, metric, fraction.above(), Sign.SIGNED, false);
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("fractions")
    void negativeTiesToo(Fraction fraction) {
        for (Metric metric : METRICS) {
            double[][] layer = layer(fraction, metric, -1);
            agrees(layer, ElementType.F32, metric, -fraction.nearest, Sign.SIGNED, fraction.negativeTie());
            agrees(layer, ElementType.F32, metric, -fraction.below(), Sign.SIGNED, false);
            agrees(layer, ElementType.F32, metric, fraction.nearest, Sign.ABSOLUTE, fraction.tie);
            if (fraction.above() <= 1) {
                agrees(layer, ElementType.F32, metric, -fraction.above(), Sign.SIGNED, true);
                agrees(layer, ElementType.F32, metric, fraction.above(), Sign.ABSOLUTE, false);
            }
        }
    }

    /** Rows 2 p and 2 p + 1 have the fraction, or minus it, as their correlation; other pairs have any. */
    private static double[][] layer(Fraction fraction, Metric metric, int sign) {
        Random random = new Random(1);
        double[][] layer = new double[2 * PAIRS][];
        for (int pair = 0; pair < PAIRS; pair++) {
            List<int[]> samples = samples(fraction, random);
            double offset = metric == Metric.PEARSON ? random.nextInt(2000) - 1000 : 0;
            int scale = 1 + random.nextInt(9);
            layer[2 * pair] = samples.stream().mapToDouble(s -> s[0] + offset).toArray();
            layer[2 * pair + 1] = samples.stream()
                    .mapToDouble(s -> sign * (scale * s[1] - 3 * offset))
                    .toArray();
        }
        return layer;
    }

    /** Multiples of the two vectors and their negatives, which make the means 0, in random order. */
    private static List<int[]> samples(Fraction fraction, Random random) {
        List<int[]> samples = new ArrayList<>();
        for (int block = 0; block < BLOCKS; block++) {
            int factor = 1 + random.nextInt(500);
            for (int k = 0; k < fraction.x.length; k++) {
                samples.add(new int[] {factor * fraction.x[k], factor * fraction.y[k]});
                samples.add(new int[] {-factor * fraction.x[k], -factor * fraction.y[k]});
            }
        }
        Collections.shuffle(samples, random);
        return samples;
    }

    private void agrees(
            double[][] layer, ElementType type, Metric metric, double threshold, Sign sign, boolean tiesAreEdges) {
        try (Kernels kernels = backend.open();
                Workers workers = new Workers(1);
                Matrix values = Matrices.of(layer, type);
                StandardisedLayer standardised =
                        StandardisedLayer.measure(values, metric, kernels, workers, Progress.NONE);
                Correlation found = Correlator.run(
                        standardised,
                        CorrelationQuery.atLeast(threshold).withSign(sign),
                        kernels,
                        workers,
                        Progress.NONE)) {
            PairSet edges = PairSet.of(found.edges(), layer.length);
            PairSet expected = new CorrelationOracle(layer, metric).edges(threshold, sign);
            assertThat(edges.differenceTo(expected)).isEmpty();
            boolean[] planted = new boolean[PAIRS];
            for (int pair = 0; pair < PAIRS; pair++) {
                planted[pair] = edges.contains(2 * pair, 2 * pair + 1);
            }
            assertThat(planted).containsOnly(tiesAreEdges);
            assertThat(found.inDoubleDouble()).isGreaterThanOrEqualTo(PAIRS);
        }
    }
}
