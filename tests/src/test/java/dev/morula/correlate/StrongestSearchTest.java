package dev.morula.correlate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.morula.MorulaException;
import dev.morula.correlate.CorrelationPlan.Method;
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
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Every tier and plan finds exactly the partners that rational arithmetic finds. */
@ParameterizedClass(name = "{0}")
@MethodSource("dev.morula.kernel.Backends#available")
class StrongestSearchTest {
    // The exact side is the same for every tier, so it is worked out once.
    private static final Map<String, CorrelationOracle> ORACLES = new HashMap<>();
    private static final List<PlanChoice> PLANS = List.of(PlanChoice.BRUTE, PlanChoice.SCREEN);

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

    /** One row a neuron: its partners and their correlations. */
    private record Rows(List<int[]> partners, List<float[]> correlations, Correlation work) {
        static Rows of(StrongestSearch.Found found) {
            Rows rows = new Rows(new ArrayList<>(), new ArrayList<>(), found.work());
            StrongestPartners strongest = found.partners();
            for (int i = 0; i + 1 < strongest.rowStart().length; i++) {
                long first = strongest.rowStart()[i];
                int[] partners = new int[(int) (strongest.rowStart()[i + 1] - first)];
                float[] correlations = new float[partners.length];
                if (partners.length > 0) {
                    strongest.indices().read(first, partners, 0, partners.length);
                    strongest.values().read(first, correlations, 0, partners.length);
                }
                rows.partners.add(partners);
                rows.correlations.add(correlations);
            }
            return rows;
        }
    }

    @ParameterizedTest
    @CsvSource({"2,2", "3,17", "17,5", "64,100", "131,255", "409,61"})
    void findsTheStrongestOfRandomLayers(int neurons, int samples) {
        agrees("gaussian " + neurons, TestLayers.gaussian(neurons, samples, 1000L * neurons + samples), Metric.PEARSON);
    }

    @ParameterizedTest
    @EnumSource
    void findsTheStrongestOfLowRankLayers(Metric metric) {
        agrees("low rank", TestLayers.lowRank(303, 301, 5, 0.3, 1), metric);
    }

    @ParameterizedTest
    @EnumSource(names = {"PEARSON", "COSINE"})
    void clonesAreTiesThatTheSmallerIndexWins(Metric metric) {
        agrees("clones", TestLayers.withClones(TestLayers.lowRank(240, 101, 4, 0.5, 2)), metric);
    }

    /** Few different integers on few samples: many different neurons with equal correlations. */
    @Test
    void equalCorrelationsOfDifferentNeuronsAreTies() {
        Random random = new Random(3);
        double[][] layer = new double[150][];
        for (int i = 0; i < layer.length; i++) {
            layer[i] = random.ints(9, -1, 2).asDoubleStream().toArray();
        }
        agrees("integers", layer, Metric.PEARSON);
        agrees("integers", layer, Metric.COSINE);
    }

    /** Partners of neuron 0 that are apart by less than float32, or even float64, can see. */
    @ParameterizedTest
    @CsvSource({"1e-9", "1e-13", "1e-15", "2e-16"})
    void partnersNearlyAsStrongAreToldApart(double step) {
        double[] offsets = IntStream.range(0, 40).mapToDouble(p -> p % 7 * step).toArray();
        double[][] pairs = TestLayers.planted(40, 201, 0.8, offsets, 4);
        double[] common = pairs[0];
        double[][] layer = new double[41][];
        layer[0] = common;
        for (int p = 0; p < 40; p++) {
            layer[1 + p] = mixed(common, pairs[2 * p + 1], 0.8 + offsets[p]);
        }
        Rows found = agrees(layer, ElementType.F64, Metric.PEARSON, 9, Sign.SIGNED, PlanChoice.BRUTE);
        assertThat(found.work().inFloat64() + found.work().inDoubleDouble()).isGreaterThan(20);
        if (step < 1e-14) {
            assertThat(found.work().inDoubleDouble()).isGreaterThan(5);
        }
    }

    /** A row whose correlation with {@code unit} is about r. */
    private static double[] mixed(double[] unit, double[] other, double r) {
        double product = IntStream.range(0, unit.length)
                .mapToDouble(k -> unit[k] * other[k])
                .sum();
        double[] rest = IntStream.range(0, unit.length)
                .mapToDouble(k -> other[k] - product * unit[k])
                .toArray();
        double norm = Math.sqrt(Arrays.stream(rest).map(x -> x * x).sum());
        return IntStream.range(0, unit.length)
                .mapToDouble(k -> r * unit[k] + Math.sqrt(1 - r * r) / norm * rest[k])
                .toArray();
    }

    @Test
    void neuronsWithoutACorrelationHaveNoPartnersAndAreNone() {
        double[][] layer = TestLayers.lowRank(90, 33, 2, 0.3, 8);
        Arrays.fill(layer[7], 0);
        Arrays.fill(layer[20], 3.5);
        Arrays.fill(layer[89], 0);
        agrees("constant", layer, Metric.PEARSON);
        agrees("constant", layer, Metric.COSINE);
        assertThat(agrees(layer, ElementType.F32, Metric.PEARSON, 89, Sign.SIGNED, PlanChoice.SCREEN)
                        .partners()
                        .get(0))
                .hasSize(86);
        double[][] constant = new double[3][5];
        assertThat(find(constant, ElementType.F32, Metric.PEARSON, StrongestQuery.of(2))
                        .partners())
                .allMatch(row -> row.length == 0);
    }

    @Test
    void partnersMayHaveToReachAThresholdToo() {
        double[][] layer = TestLayers.lowRank(300, 101, 3, 0.4, 5);
        CorrelationOracle oracle = new CorrelationOracle(layer, Metric.PEARSON);
        for (PlanChoice plan : PLANS) {
            for (Sign sign : Sign.values()) {
                CorrelationQuery pairs =
                        CorrelationQuery.atLeast(0.6).withSign(sign).withPlan(plan);
                Rows found = find(layer, ElementType.F32, Metric.PEARSON, new StrongestQuery(12, pairs));
                PairSet edges = oracle.edges(0.6, sign);
                int shorter = 0;
                for (int i = 0; i < layer.length; i++) {
                    int neuron = i;
                    int[] expected = Arrays.stream(oracle.strongest(i, 12, sign))
                            .filter(j -> edges.contains(Math.min(neuron, j), Math.max(neuron, j)))
                            .toArray();
                    assertThat(found.partners().get(i)).isEqualTo(expected);
                    shorter += expected.length < 12 ? 1 : 0;
                }
                assertThat(shorter).isBetween(1, layer.length - 1);
            }
        }
    }

    /** Wide enough for the first bounds to come from blocks of neighbours, and for several rounds. */
    @Test
    void theResultIsTheSameForAnyPlanThreadsAndMemory() {
        double[][] layer = TestLayers.withClones(TestLayers.lowRank(2301, 67, 4, 0.4, 9));
        Rows expected = null;
        long pairs = layer.length * (layer.length - 1L) / 2;
        for (int threads : new int[] {1, 2, 3}) {
            for (PlanChoice plan : PLANS) {
                long least = Correlator.leastBytes(kernels, layer.length, 67, ElementType.F32, threads);
                for (long memory : new long[] {Math.max((20L + 10 * threads) << 20, 2 * least), 1L << 30}) {
                    workers.close();
                    workers = new Workers(threads);
                    CorrelationQuery all =
                            CorrelationQuery.atLeast(-1).withPlan(plan).withMemory(memory);
                    Rows found = find(layer, ElementType.F32, Metric.PEARSON, new StrongestQuery(10, all));
                    assertThat(found.work().plan().method() != Method.BRUTE).isEqualTo(plan == PlanChoice.SCREEN);
                    assertThat(found.work().pairs()).isEqualTo(pairs);
                    assertThat(found.work().survivors()).isLessThan(pairs / 4);
                    expected = expected == null ? found : expected;
                    assertThat(found.partners())
                            .usingElementComparator(Arrays::compare)
                            .isEqualTo(expected.partners());
                    assertThat(found.correlations())
                            .usingElementComparator(Arrays::compare)
                            .isEqualTo(expected.correlations());
                }
            }
        }
        CorrelationOracle oracle = new CorrelationOracle(layer, Metric.PEARSON);
        for (int i = 0; i < layer.length; i += 23) {
            assertThat(expected.partners().get(i)).isEqualTo(oracle.strongest(i, 10, Sign.SIGNED));
        }
    }

    /** Of a layer that is read as it lies, ties are decided from copies of the few neurons that contend. */
    @Test
    void layersReadInPlaceGiveTheSame() {
        double[][] layer = TestLayers.withClones(TestLayers.lowRank(303, 77, 4, 0.4, 12));
        CorrelationOracle oracle = new CorrelationOracle(layer, Metric.PEARSON);
        try (Matrix values = Matrices.of(transposed(layer), ElementType.F32);
                StandardisedLayer inPlace =
                        StandardisedLayer.measureInPlace(values, Metric.PEARSON, kernels, workers, Progress.NONE)) {
            for (PlanChoice plan : PLANS) {
                CorrelationQuery pairs = CorrelationQuery.atLeast(-1).withPlan(plan);
                try (StrongestSearch.Found found =
                        StrongestSearch.run(inPlace, new StrongestQuery(3, pairs), kernels, workers, Progress.NONE)) {
                    Rows rows = Rows.of(found);
                    assertThat(rows.work().inDoubleDouble()).isPositive();
                    for (int i = 0; i < layer.length; i++) {
                        assertThat(rows.partners().get(i)).isEqualTo(oracle.strongest(i, 3, Sign.SIGNED));
                    }
                }
            }
        }
    }

    /** All rows the same: far more ties than there is room for. */
    @Test
    void aLayerOfOneNeuronManyTimesOver() {
        double[][] layer = new double[700][];
        Arrays.fill(layer, TestLayers.gaussian(1, 40, 13)[0]);
        for (PlanChoice plan : PLANS) {
            Rows found = find(
                    layer,
                    ElementType.F32,
                    Metric.PEARSON,
                    new StrongestQuery(5, CorrelationQuery.atLeast(-1).withPlan(plan)));
            for (int i = 0; i < layer.length; i++) {
                int neuron = i;
                assertThat(found.partners().get(i))
                        .isEqualTo(IntStream.range(0, 6)
                                .filter(j -> j != neuron)
                                .limit(5)
                                .toArray());
            }
        }
    }

    private static double[][] transposed(double[][] layer) {
        double[][] samples = new double[layer[0].length][layer.length];
        for (int neuron = 0; neuron < layer.length; neuron++) {
            for (int k = 0; k < samples.length; k++) {
                samples[k][neuron] = layer[neuron][k];
            }
        }
        return samples;
    }

    @Test
    void whatCannotBeIsSaidBeforeTheWork() {
        double[][] layer = TestLayers.gaussian(10, 20, 11);
        assertThatThrownBy(() -> StrongestQuery.of(0)).hasMessageContaining("at least 1 is needed");
        assertThatThrownBy(() -> find(layer, ElementType.F32, Metric.PEARSON, StrongestQuery.of(10)))
                .isInstanceOf(MorulaException.class)
                .hasMessageContaining("each of 10 neurons has 9 others");
        CorrelationQuery little = CorrelationQuery.atLeast(-1).withMemory(1000);
        assertThatThrownBy(() -> find(layer, ElementType.F32, Metric.PEARSON, new StrongestQuery(9, little)))
                .isInstanceOfSatisfying(
                        MorulaException.class, e -> assertThat(e.kind()).isEqualTo(MorulaException.Kind.RESOURCES))
                .hasMessageContaining("the 9 strongest partners of 10 neurons and the search for them need");
    }

    private void agrees(String name, double[][] layer, Metric metric) {
        CorrelationOracle oracle = ORACLES.computeIfAbsent(name + metric, key -> new CorrelationOracle(layer, metric));
        int all = layer.length - 1;
        for (int most : IntStream.of(1, 3, 10, all / 2, all)
                .filter(k -> k >= 1 && k <= all)
                .toArray()) {
            for (Sign sign : Sign.values()) {
                for (PlanChoice plan : PLANS) {
                    agrees(layer, ElementType.F32, metric, most, sign, plan, oracle);
                }
            }
        }
    }

    private Rows agrees(double[][] layer, ElementType type, Metric metric, int most, Sign sign, PlanChoice plan) {
        return agrees(layer, type, metric, most, sign, plan, new CorrelationOracle(layer, metric));
    }

    private Rows agrees(
            double[][] layer,
            ElementType type,
            Metric metric,
            int most,
            Sign sign,
            PlanChoice plan,
            CorrelationOracle oracle) {
        CorrelationQuery pairs = CorrelationQuery.atLeast(-1).withSign(sign).withPlan(plan);
        Rows found = find(layer, type, metric, new StrongestQuery(most, pairs));
        for (int i = 0; i < layer.length; i++) {
            int[] partners = found.partners().get(i);
            assertThat(partners)
                    .as("neuron %d, %d strongest, %s, %s", i, most, sign, plan)
                    .isEqualTo(oracle.strongest(i, most, sign));
            double largestError = 0;
            for (int p = 0; p < partners.length; p++) {
                double error = Math.abs(found.correlations().get(i)[p] - oracle.correlation(i, partners[p]));
                largestError = Math.max(largestError, error); // NaN stays
            }
            assertThat(largestError).isLessThan(1e-6);
        }
        return found;
    }

    private Rows find(double[][] layer, ElementType type, Metric metric, StrongestQuery query) {
        try (Matrix values = Matrices.of(layer, type);
                StandardisedLayer standardised =
                        StandardisedLayer.measure(values, metric, kernels, workers, Progress.NONE);
                StrongestSearch.Found found =
                        StrongestSearch.run(standardised, query, kernels, workers, Progress.NONE)) {
            return Rows.of(found);
        }
    }
}
