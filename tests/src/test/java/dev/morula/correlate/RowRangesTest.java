package dev.morula.correlate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** However the rows are cut into ranges, and where the larger neuron must lie: each edge is found once, in its range. */
@ParameterizedClass(name = "{0}")
@MethodSource("dev.morula.kernel.Backends#available")
class RowRangesTest {
    private static final int NEURONS = 307;
    private static final double[][] LAYER = layer();
    private static final CorrelationOracle ORACLE = new CorrelationOracle(LAYER, Metric.PEARSON);

    @Parameter
    private Backend backend;

    private Kernels kernels;
    private Workers workers;
    private Matrix values;
    private StandardisedLayer layer;

    private static double[][] layer() {
        double[][] layer = TestLayers.lowRank(NEURONS, 401, 4, 0.4, 12);
        for (int dead : new int[] {0, 1, 2, 100, 101, NEURONS - 1}) {
            Arrays.fill(layer[dead], 0);
        }
        return layer;
    }

    @BeforeEach
    void open() {
        kernels = backend.open();
        workers = new Workers(2);
        values = Matrices.of(LAYER, ElementType.F32);
        layer = StandardisedLayer.measure(values, Metric.PEARSON, kernels, workers, Progress.NONE);
    }

    @AfterEach
    void close() {
        layer.close();
        values.close();
        workers.close();
        kernels.close();
    }

    /** The edges in {@code list}, with the bits of their correlations; fails if one is there twice. */
    private static void addTo(Map<Long, Float> edges, EdgeList list, RowRange rows) {
        for (EdgeList.Chunk chunk : list.chunks()) {
            long[] pairs = new long[chunk.count()];
            float[] correlations = new float[chunk.count()];
            chunk.pairs().read(0, pairs, 0, pairs.length);
            chunk.values().read(0, correlations, 0, pairs.length);
            for (int e = 0; e < pairs.length; e++) {
                assertThat(rows.contains((int) (pairs[e] >> 32))).isTrue();
                assertThat(edges.put(pairs[e], correlations[e])).isNull();
            }
        }
    }

    private Map<Long, Float> inRanges(Correlator correlator, List<RowRange> ranges) {
        Map<Long, Float> edges = new TreeMap<>();
        long pairs = 0;
        for (RowRange rows : ranges) {
            try (EdgeList list = new EdgeList();
                    Correlation found = correlator.run(rows, list)) {
                addTo(edges, list, rows);
                pairs += found.pairs();
            }
        }
        assertThat(pairs).isEqualTo(301 * 300 / 2);
        return edges;
    }

    private static List<RowRange> randomCut(Random random) {
        int[] ends = IntStream.concat(random.ints(random.nextInt(7), 1, NEURONS), IntStream.of(1, NEURONS))
                .distinct()
                .sorted()
                .toArray();
        List<RowRange> ranges = new ArrayList<>();
        for (int k = 0; k < ends.length; k++) {
            ranges.add(new RowRange(k == 0 ? 0 : ends[k - 1], ends[k]));
        }
        return ranges;
    }

    @ParameterizedTest
    @CsvSource({"BRUTE, SIGNED", "BRUTE, ABSOLUTE", "SCREEN, SIGNED", "SCREEN, ABSOLUTE"})
    void rangesTogetherHaveTheEdgesOfOneRun(PlanChoice plan, Sign sign) {
        long memory =
                Math.max(24L << 20, Correlator.leastBytes(kernels, NEURONS, 401, ElementType.F32, workers.count()));
        CorrelationQuery query =
                CorrelationQuery.atLeast(0.6).withPlan(plan).withSign(sign).withMemory(memory);
        try (Correlator correlator = Correlator.prepare(layer, query, kernels, workers, Progress.NONE);
                Correlation whole = correlator.run()) {
            Map<Long, Float> expected = new TreeMap<>();
            addTo(expected, whole.edges(), RowRange.ALL);
            assertThat(expected.keySet()).isEqualTo(ORACLE.edges(0.6, sign).longs());
            Random random = new Random(5);
            for (int round = 0; round < 6; round++) {
                assertThat(inRanges(correlator, randomCut(random))).isEqualTo(expected);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"BRUTE, 3, 50", "SCREEN, 3, 50", "SCREEN, 100, 102", "SCREEN, 0, 3", "AUTO, 306, 307", "BRUTE, 290, 307"
    })
    void oneRangeAloneIsPlannedForItself(PlanChoice plan, int first, int end) {
        RowRange rows = new RowRange(first, end);
        CorrelationQuery query = CorrelationQuery.atLeast(0.6).withPlan(plan).withRows(rows);
        try (Correlation found = Correlator.run(layer, query, kernels, workers, Progress.NONE)) {
            assertThat(PairSet.of(found.edges(), NEURONS).longs()).isEqualTo(oracle(rows, 0));
        }
    }

    private static Set<Long> oracle(RowRange rows, int firstColumn) {
        Set<Long> pairs = ORACLE.edges(0.6, Sign.SIGNED).longs();
        pairs.removeIf(pair -> !rows.contains((int) (pair >> 32)) || pair.intValue() < firstColumn);
        return pairs;
    }

    @ParameterizedTest
    @CsvSource({"BRUTE, 1", "BRUTE, 100", "SCREEN, 102", "SCREEN, 300", "AUTO, 306", "SCREEN, 2"})
    void pairsOfTwoLayersAreThoseOfOneNeuronOfEach(PlanChoice plan, int firstColumn) {
        CorrelationQuery query = CorrelationQuery.atLeast(0.6).withPlan(plan).withFirstColumn(firstColumn);
        try (Correlator correlator = Correlator.prepare(layer, query, kernels, workers, Progress.NONE);
                Correlation found = correlator.run()) {
            assertThat(PairSet.of(found.edges(), NEURONS).longs())
                    .isEqualTo(oracle(new RowRange(0, firstColumn), firstColumn));
            long rows = Arrays.stream(layer.correlated())
                    .filter(n -> n < firstColumn)
                    .count();
            assertThat(found.pairs()).isEqualTo(rows * (301 - rows));
            if (firstColumn > 1) {
                RowRange half = new RowRange(0, firstColumn / 2);
                try (EdgeList list = new EdgeList()) {
                    correlator.run(half, list).close();
                    assertThat(PairSet.of(list, NEURONS).longs()).isEqualTo(oracle(half, firstColumn));
                }
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"1", "2", "7", "1000"})
    void rowsAreCutIntoRangesOfAboutAsManyPairs(int parts) {
        try (Correlator correlator =
                Correlator.prepare(layer, CorrelationQuery.atLeast(0.6), kernels, workers, Progress.NONE)) {
            List<RowRange> ranges = correlator.cut(List.of(new RowRange(0, NEURONS)), parts);
            assertThat(ranges).hasSizeBetween(Math.min(parts, 200), Math.min(parts, 301));
            assertThat(RowRange.missing(ranges, NEURONS)).isEmpty();
            inRanges(correlator, ranges);
            List<RowRange> rest = List.of(new RowRange(5, 9), new RowRange(200, 300));
            List<RowRange> resumed = correlator.cut(rest, parts);
            assertThat(RowRange.missing(resumed, NEURONS))
                    .containsExactly(new RowRange(0, 5), new RowRange(9, 200), new RowRange(300, NEURONS));
        }
    }

    @Test
    void progressGoesOnFromRangeToRange() {
        List<Long> done = new ArrayList<>();
        Progress progress = (stage, of, total) -> {
            if (stage.name().equals("correlate")) {
                done.add(of);
                assertThat(total).isEqualTo(301 * 300 / 2);
            }
        };
        try (Correlator correlator =
                Correlator.prepare(layer, CorrelationQuery.atLeast(0.6), kernels, workers, progress)) {
            inRanges(correlator, correlator.cut(List.of(new RowRange(0, NEURONS)), 4));
        }
        assertThat(done).isSorted().endsWith(301L * 300 / 2);
    }

    @Test
    void tooManyEdgesForASinkNameAThreshold() {
        CorrelationQuery query = CorrelationQuery.atLeast(0.1).withMostEdges(2000);
        try (Correlator correlator = Correlator.prepare(layer, query, kernels, workers, Progress.NONE);
                EdgeList list = new EdgeList(2000)) {
            assertThatThrownBy(() -> correlator.run(new RowRange(0, NEURONS), list))
                    .isInstanceOf(MorulaException.class)
                    .hasMessageContaining("more than the 2,000 edges that --max-edges allows")
                    .hasMessageMatching(".*about 0\\.[1-9]\\d+ would fit");
        }
    }
}
