package dev.morula.correlate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.morula.correlate.CorrelationPlan.Method;
import dev.morula.kernel.Backend;
import dev.morula.kernel.ElementType;
import dev.morula.kernel.Kernels;
import dev.morula.kernel.Matrices;
import dev.morula.kernel.Matrix;
import dev.morula.kernel.Metric;
import dev.morula.kernel.Progress;
import dev.morula.kernel.Sign;
import dev.morula.kernel.Stage;
import dev.morula.kernel.Workers;
import dev.morula.standardise.StandardisedLayer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** However pairs are ruled out, the edges are those of exact arithmetic, and values the same to the last bit. */
@Tag("device")
@ParameterizedClass(name = "{0}")
@MethodSource("dev.morula.kernel.Backends#available")
class ScreenedEdgesTest {
    private static final List<ForcedPlan> PLANS = List.of(
            new ForcedPlan(Method.COORDINATES, 61),
            new ForcedPlan(Method.COORDINATES, 1000),
            new ForcedPlan(Method.PRINCIPAL, 1),
            new ForcedPlan(Method.PRINCIPAL, 8),
            new ForcedPlan(Method.PRINCIPAL, 1000));
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
    @EnumSource(AdversarialLayers.class)
    void everyPlanFindsTheExactEdges(AdversarialLayers kind) {
        double[][] layer = kind.make();
        everyPlanFinds(kind, layer, Metric.PEARSON, Sign.SIGNED, -0.3, 0.3, 0.7, 0.9, 0.99, 1);
        everyPlanFinds(kind, layer, Metric.PEARSON, Sign.ABSOLUTE, 0.3, 0.9);
        everyPlanFinds(kind, layer, Metric.COSINE, Sign.SIGNED, 0.7, 1);
    }

    private void everyPlanFinds(
            AdversarialLayers kind, double[][] layer, Metric metric, Sign sign, double... thresholds) {
        CorrelationOracle oracle =
                ORACLES.computeIfAbsent(kind + " " + metric, key -> new CorrelationOracle(layer, metric));
        try (Matrix values = Matrices.of(layer, kind.type);
                StandardisedLayer standardised = standardise(values, metric)) {
            for (double threshold : thresholds) {
                everyPlanFinds(oracle.edges(threshold, sign), standardised, threshold, sign);
            }
        }
    }

    private void everyPlanFinds(PairSet expected, StandardisedLayer layer, double threshold, Sign sign) {
        CorrelationQuery query = CorrelationQuery.atLeast(threshold).withSign(sign);
        try (Correlation brute = ForcedPlan.BRUTE.run(layer, query, kernels, workers)) {
            Map<Long, Integer> values = EdgeValues.of(brute.edges());
            assertThat(PairSet.of(brute.edges(), layer.neurons()).differenceTo(expected))
                    .isEmpty();
            for (ForcedPlan plan : PLANS) {
                try (Correlation screened = plan.run(layer, query, kernels, workers)) {
                    assertThat(screened.plan().method()).isEqualTo(plan.method());
                    assertThat(PairSet.of(screened.edges(), layer.neurons()).differenceTo(expected))
                            .as("%s at %s, %s", plan, threshold, sign)
                            .isEmpty();
                    assertThat(EdgeValues.of(screened.edges())).isEqualTo(values);
                }
            }
        }
    }

    @Test
    void aScreenThatFitsLeavesFewPairs() {
        try (Matrix values = Matrices.of(TestLayers.lowRank(300, 400, 3, 0.05, 11), ElementType.F32);
                StandardisedLayer layer = standardise(values, Metric.PEARSON);
                Correlation found = new ForcedPlan(Method.PRINCIPAL, 29)
                        .run(layer, CorrelationQuery.atLeast(0.9), kernels, workers)) {
            assertThat(found.survivors())
                    .isBetween(found.edges().count(), 2 * found.edges().count() + 500);
        }
    }

    /** Threads, and memory for candidates, so little of it that they take many rounds. */
    @Test
    void neitherThreadsNorMemoryChangeABit() {
        double[][] layer = TestLayers.lowRank(900, 301, 4, 0.3, 9);
        try (Matrix values = Matrices.of(layer, ElementType.F32);
                StandardisedLayer standardised = standardise(values, Metric.PEARSON)) {
            CorrelationQuery query = CorrelationQuery.atLeast(0.2);
            Map<Long, Integer> expected;
            try (Correlation brute = ForcedPlan.BRUTE.run(standardised, query, kernels, workers)) {
                expected = EdgeValues.of(brute.edges());
            }
            int mostRounds = 0;
            for (int threads = 1; threads <= 3; threads++) {
                long least = Correlator.leastBytes(kernels, 900, 301, ElementType.F32, threads);
                for (long memory : new long[] {least + (1L << 20), least + (4L << 20), 1L << 30}) {
                    CorrelationQuery bounded = query.withPlan(PlanChoice.SCREEN).withMemory(memory);
                    mostRounds = Math.max(mostRounds, rounds(standardised, bounded, threads, expected));
                }
            }
            // A GPU's panels are not in the memory that is bounded, so more of it is left for candidates.
            assertThat(mostRounds).isGreaterThanOrEqualTo(backend.equals(Backend.GPU) ? 1 : 4);
        }
    }

    /** Finds the same edges again; returns in how many rounds candidates were refined. */
    private int rounds(StandardisedLayer layer, CorrelationQuery query, int threads, Map<Long, Integer> expected) {
        AtomicInteger rounds = new AtomicInteger();
        Progress progress = (Stage stage, long done, long total) -> {
            if (stage.name().equals("refine") && done == 0) {
                rounds.incrementAndGet();
            }
        };
        EdgeList edges = new EdgeList(); // without the bound that the query's memory sets
        try (Workers some = new Workers(threads);
                edges;
                Correlation found = Correlator.run(layer, query, edges, kernels, some, progress)) {
            assertThat(found.plan().method()).isNotEqualTo(Method.BRUTE);
            assertThat(EdgeValues.of(edges)).isEqualTo(expected);
        }
        return rounds.get();
    }

    private StandardisedLayer standardise(Matrix values, Metric metric) {
        return StandardisedLayer.measure(values, metric, kernels, workers, Progress.NONE);
    }
}
