package dev.morula.correlate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.morula.MorulaException;
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
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every tier finds exactly the edges that rational arithmetic finds. */
@Tag("device")
@ParameterizedClass(name = "{0}")
@MethodSource("dev.morula.kernel.Backends#available")
class CorrelatorTest {
    private static final double[] THRESHOLDS = {-1, 0, 0.5, 0.999999, 1};
    // The exact side is the same for every tier, so it is worked out once.
    private static final Map<String, CorrelationOracle> ORACLES = new HashMap<>();

    @Parameter
    private Backend backend;

    private Kernels kernels;
    private Workers workers;

    @BeforeEach
    void open() {
        kernels = backend.open();
        workers = new Workers(2);
    }

    @AfterEach
    void close() {
        kernels.close();
        workers.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 17, 64, 255, 1021})
    void findsTheEdgesOfRandomLayers(int neurons) {
        assumeTrue(neurons <= backend.mostNeurons());
        for (int samples : new int[] {2, 3, 17, 255, 1021}) {
            double[][] layer = TestLayers.gaussian(neurons, samples, 1000L * neurons + samples);
            agrees("gaussian " + neurons + " " + samples, layer, ElementType.F32, Metric.PEARSON);
        }
    }

    @Test
    void findsTheEdgesOfLowRankLayers() {
        agrees("low rank", TestLayers.lowRank(403, 509, 5, 0.3, 1), ElementType.F32, Metric.PEARSON);
    }

    @Test
    void findsClonesAndNegatedClones() {
        double[][] layer = TestLayers.withClones(TestLayers.lowRank(300, 101, 4, 0.5, 2));
        agrees("clones", layer, ElementType.F32, Metric.PEARSON);
        agrees("clones cosine", layer, ElementType.F32, Metric.COSINE);
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 0.3, 0.5, 0.9, 0.999999})
    void decidesPairsPlantedAtTheThreshold(double threshold) {
        double[] offsets = {1e-9, -1e-9, 1e-15, -1e-15, 3e-16, -3e-16, 0};
        double[][] layer = TestLayers.planted(70, 255, threshold, offsets, 3);
        CorrelationOracle oracle = new CorrelationOracle(layer, Metric.PEARSON);
        for (int pair = 0; pair < 70; pair++) {
            assertThat(oracle.correlation(2 * pair, 2 * pair + 1)).isCloseTo(threshold, within(1.1e-9));
        }
        agrees(layer, ElementType.F64, Metric.PEARSON, oracle, threshold, Sign.SIGNED);
        try (Matrix values = Matrices.of(layer, ElementType.F64);
                Correlation found = correlate(values, Metric.PEARSON, threshold, Sign.SIGNED)) {
            assertThat(found.inDoubleDouble()).isGreaterThan(30);
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {1e300, 1e30, 1e-30, 1e-300})
    void standsExtremeScales(double scale) {
        double[][] layer = TestLayers.map(TestLayers.lowRank(61, 97, 3, 0.4, 4), x -> x * scale);
        agrees("scaled " + scale, layer, ElementType.F64, Metric.PEARSON);
    }

    @Test
    void standsASmallVariationAroundALargeMean() {
        double[][] layer = TestLayers.map(TestLayers.lowRank(61, 97, 3, 0.4, 5), x -> 1e6 + Math.rint(x * 1024) / 1e6);
        agrees("offset", layer, ElementType.F64, Metric.PEARSON);
        double[][] ulps =
                TestLayers.map(TestLayers.lowRank(61, 97, 3, 0.4, 5), x -> 1e6 + Math.rint(x * 4) * Math.ulp(1e6));
        agrees("ulps", ulps, ElementType.F64, Metric.PEARSON);
    }

    @ParameterizedTest
    @EnumSource(
            value = ElementType.class,
            names = {"F16", "BF16", "F32", "F64"})
    void readsEveryElementType(ElementType type) {
        double[][] layer = TestLayers.map(
                TestLayers.lowRank(130, 77, 3, 0.4, 6), x -> Math.max(-15, Math.min(15, Math.rint(x * 8) / 8)));
        agrees("quantised", layer, type, Metric.PEARSON);
        agrees("quantised cosine", layer, type, Metric.COSINE);
    }

    @Test
    void longChainsStayWithinTheBound() {
        double[][] layer = TestLayers.lowRank(40, 5003, 2, 0.2, 7);
        agrees("long", layer, ElementType.F32, Metric.PEARSON);
    }

    @Test
    void constantAndNeverActiveNeuronsHaveNoEdges() {
        double[][] layer = TestLayers.lowRank(50, 33, 2, 0.3, 8);
        Arrays.fill(layer[7], 0);
        Arrays.fill(layer[20], 3.5);
        Arrays.fill(layer[49], 0);
        agrees("constant", layer, ElementType.F32, Metric.PEARSON);
        agrees("constant cosine", layer, ElementType.F32, Metric.COSINE);
    }

    @Test
    void theNumberOfThreadsAndTheTileSizesDoNotMatter() {
        double[][] layer = TestLayers.lowRank(700, 301, 4, 0.3, 9);
        try (Matrix values = Matrices.of(layer, ElementType.F32);
                StandardisedLayer standardised = standardise(values, Metric.PEARSON)) {
            PairSet expected = new CorrelationOracle(layer, Metric.PEARSON).edges(0.7, Sign.SIGNED);
            assertThat(expected.size()).isPositive();
            for (int threads : new int[] {1, 2, 3}) {
                long least = Correlator.leastBytes(kernels, 700, 301, ElementType.F32, threads);
                for (long memory : new long[] {Math.max(12L << 20, least), Math.max(64L << 20, 2 * least), 1L << 30}) {
                    CorrelationQuery query = CorrelationQuery.atLeast(0.7).withMemory(memory);
                    try (Workers some = new Workers(threads);
                            Correlation found = Correlator.run(standardised, query, kernels, some, Progress.NONE)) {
                        PairSet edges = PairSet.of(found.edges(), layer.length);
                        assertThat(edges.differenceTo(expected)).isEmpty();
                        assertThat(found.pairs()).isEqualTo(700 * 699 / 2);
                    }
                }
            }
        }
    }

    @Test
    void tooManyEdgesNameAThresholdThatFits() {
        double[][] layer = TestLayers.lowRank(600, 50, 3, 0.2, 10);
        try (Matrix values = Matrices.of(layer, ElementType.F32);
                StandardisedLayer standardised = standardise(values, Metric.PEARSON)) {
            CorrelationQuery query = CorrelationQuery.atLeast(0.1).withMostEdges(2000);
            assertThatThrownBy(() -> Correlator.run(standardised, query, kernels, workers, Progress.NONE))
                    .isInstanceOfSatisfying(MorulaException.class, e -> {
                        assertThat(e.kind()).isEqualTo(MorulaException.Kind.RESOURCES);
                        String fitting = e.getMessage().replaceAll(".*about ([0-9.]+) would fit", "$1");
                        long edges = new CorrelationOracle(layer, Metric.PEARSON)
                                .edges(Double.parseDouble(fitting), Sign.SIGNED)
                                .size();
                        assertThat(edges).isBetween(200L, 2000L);
                    });
        }
    }

    @Test
    void tooLittleMemoryIsSaidBeforeTheWork() {
        try (Matrix values = Matrices.of(TestLayers.gaussian(10, 1000, 11), ElementType.F32);
                StandardisedLayer standardised = standardise(values, Metric.PEARSON)) {
            CorrelationQuery query = CorrelationQuery.atLeast(0.5).withMemory(1000);
            assertThatThrownBy(() -> Correlator.run(standardised, query, kernels, workers, Progress.NONE))
                    .isInstanceOf(MorulaException.class)
                    .hasMessageContaining("1,000 bytes of memory are left");
        }
    }

    private void agrees(String name, double[][] layer, ElementType type, Metric metric) {
        CorrelationOracle oracle = ORACLES.computeIfAbsent(name, key -> new CorrelationOracle(layer, metric));
        for (double threshold : THRESHOLDS) {
            agrees(layer, type, metric, oracle, threshold, Sign.SIGNED);
        }
        agrees(layer, type, metric, oracle, 0.5, Sign.ABSOLUTE);
        agrees(layer, type, metric, oracle, 1, Sign.ABSOLUTE);
    }

    private void agrees(
            double[][] layer, ElementType type, Metric metric, CorrelationOracle oracle, double threshold, Sign sign) {
        try (Matrix values = Matrices.of(layer, type);
                Correlation found = correlate(values, metric, threshold, sign)) {
            PairSet edges = PairSet.of(found.edges(), layer.length);
            assertThat(edges.differenceTo(oracle.edges(threshold, sign))).isEmpty();
            assertThat(largestError(found.edges(), oracle)).isLessThan(1e-6);
        }
    }

    private static double largestError(EdgeList edges, CorrelationOracle oracle) {
        double largest = 0;
        for (EdgeList.Chunk chunk : edges.chunks()) {
            long[] pairs = new long[chunk.count()];
            float[] values = new float[chunk.count()];
            chunk.pairs().read(0, pairs, 0, pairs.length);
            chunk.values().read(0, values, 0, values.length);
            for (int e = 0; e < pairs.length; e++) {
                double error = Math.abs(values[e] - oracle.correlation((int) (pairs[e] >> 32), (int) pairs[e]));
                largest = Math.max(largest, error); // NaN stays
            }
        }
        return largest;
    }

    private Correlation correlate(Matrix values, Metric metric, double threshold, Sign sign) {
        try (StandardisedLayer standardised = standardise(values, metric)) {
            CorrelationQuery query = CorrelationQuery.atLeast(threshold).withSign(sign);
            return Correlator.run(standardised, query, kernels, workers, Progress.NONE);
        }
    }

    private StandardisedLayer standardise(Matrix values, Metric metric) {
        return StandardisedLayer.measure(values, metric, kernels, workers, Progress.NONE);
    }
}
