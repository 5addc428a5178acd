package dev.morula.correlate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.morula.correlate.CorrelationPlan.Method;
import dev.morula.correlate.Planner.Choice;
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
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What planning promises: a sample that is one, an order that is a permutation, and a choice that fits the layer. */
class PlannerTest {
    private final Kernels kernels = Kernels.cpu();
    private final Workers workers = new Workers(2);

    @AfterEach
    void close() {
        kernels.close();
        workers.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {8, 64, 65, 1000, 5000})
    void aSampleIsOfDistinctNeuronsInBlocks(int count) {
        int[] neurons = IntStream.range(0, count).map(i -> 3 * i).toArray();
        int[] chosen = NeuronSample.choose(neurons);
        assertThat(chosen.length).isBetween(1, count / 2);
        assertThat(Arrays.stream(chosen).distinct().count()).isEqualTo(chosen.length);
        assertThat(Arrays.stream(chosen).allMatch(i -> i % 3 == 0 && i < 3 * count))
                .isTrue();
        long starts = IntStream.range(0, chosen.length)
                .filter(i -> i == 0 || chosen[i] != chosen[i - 1] + 3)
                .count();
        assertThat(starts).isLessThanOrEqualTo(Math.max(16, chosen.length / 16));
        assertThat(NeuronSample.choose(neurons)).isEqualTo(chosen); // a plan can be repeated
    }

    @Test
    void noNeuronOfASampleHasTwoUses() {
        double[][] values = TestLayers.gaussian(100, 40, 1);
        try (Matrix matrix = Matrices.of(values, ElementType.F32);
                StandardisedLayer layer = measure(matrix);
                NeuronSample sample = NeuronSample.of(layer, layer.correlated(), kernels, workers)) {
            int[] chosen = NeuronSample.choose(layer.correlated());
            assertThat(sample.layer().neurons()).isEqualTo(chosen.length);
            assertThat(sample.basis() + sample.left() + sample.right()).isEqualTo(chosen.length);
            assertThat(sample.left()).isPositive();
            assertThat(sample.right()).isGreaterThan(sample.left());
            for (int i = 0; i < chosen.length; i++) {
                assertThat(sample.layer().mean(i)).isEqualTo(layer.mean(chosen[i]));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 127, 128, 513, 1100})
    void anOrderIsAPermutation(int neurons) {
        for (double[][] rows :
                new double[][][] {TestLayers.gaussian(neurons, 3, neurons), new double[neurons][3] // all alike
                }) {
            try (Matrix projections = Matrices.of(rows, ElementType.F32)) {
                int[] order = NeuronOrder.of(projections, kernels, workers);
                assertThat(Arrays.stream(order).sorted().toArray())
                        .containsExactly(IntStream.range(0, neurons).toArray());
            }
        }
    }

    @Test
    void neuronsThatAreAlikeStandSideBySide() {
        double[][] rows = new double[512][8];
        for (int i = 0; i < rows.length; i++) {
            rows[i][direction(i)] = 1 + 1e-3 * i;
        }
        try (Matrix projections = Matrices.of(rows, ElementType.F32)) {
            int[] order = NeuronOrder.of(projections, kernels, workers);
            long changes = IntStream.range(1, order.length)
                    .filter(i -> direction(order[i]) != direction(order[i - 1]))
                    .count();
            assertThat(changes).isEqualTo(3);
        }
    }

    private static int direction(int row) {
        return (row + row / 128) % 4;
    }

    /** The pilot sees a few pairs of the layer, and expects of the others what it sees. */
    @Test
    void aPilotExpectsWhatTheLayerHolds() {
        try (Matrix matrix = Matrices.of(TestLayers.lowRank(700, 200, 3, 0.2, 1), ElementType.F32);
                StandardisedLayer layer = measure(matrix);
                NeuronSample sample = NeuronSample.of(layer, layer.correlated(), kernels, workers);
                Pilot pilot =
                        new Pilot(sample, null, 700, 700 * 699 / 2, CorrelationQuery.atLeast(0.5), kernels, workers);
                Correlation found =
                        Correlator.run(layer, CorrelationQuery.atLeast(0.5), kernels, workers, Progress.NONE)) {
            double edges = found.edges().count();
            Estimate brute = pilot.brute();
            assertThat(brute.survivors()).isBetween(edges / 2, 2 * edges);
            assertThat(brute.seconds()).isPositive();
            try (PrincipalBasis basis = PrincipalBasis.of(sample.layer(), sample.basis(), 29, kernels, workers);
                    Pilot.Projected projected = pilot.new Projected(Method.PRINCIPAL, basis.first(29))) {
                Estimate wide = projected.screened(basis.first(29));
                Estimate narrow = projected.screened(basis.first(1));
                assertThat(wide.survivors()).isBetween(brute.survivors(), narrow.survivors());
                assertThat(wide.rank()).isEqualTo(29);
            }
        }
    }

    /** Nothing is tried where brute force takes no time, or was asked for, or there is too little to try it on. */
    @ParameterizedTest
    @EnumSource(PlanChoice.class)
    void choosesWhatWasAskedFor(PlanChoice asked) {
        try (Matrix matrix = Matrices.of(TestLayers.lowRank(200, 150, 3, 0.2, 1), ElementType.F32);
                StandardisedLayer layer = measure(matrix)) {
            CorrelationQuery query =
                    CorrelationQuery.atLeast(0.9).withPlan(asked).withSign(Sign.ABSOLUTE);
            try (Choice choice = Planner.choose(layer, layer.correlated(), query, kernels, workers)) {
                assertThat(choice.method() != Method.BRUTE).isEqualTo(asked == PlanChoice.SCREEN);
                assertThat(choice.basis() != null).isEqualTo(choice.method() == Method.PRINCIPAL);
                assertThat(choice.rank() > 0).isEqualTo(asked == PlanChoice.SCREEN);
            }
            int[] few = Arrays.copyOf(layer.correlated(), 63);
            try (Choice choice = Planner.choose(layer, few, query, kernels, workers)) {
                assertThat(choice).isEqualTo(Choice.BRUTE);
            }
        }
    }

    /** Fewer numbers leave more pairs to refine, but cost less to project and search: these do not count. */
    @Test
    void fewerNumbersAreHopelessWhereRefiningAloneTakesLongerThanTheBestWay() {
        Estimate best = new Estimate(Method.BRUTE, 0, 0, 3, 1, 0.5, 10);
        assertThat(Planner.isHopelessBelow(refining(4.01), best)).isTrue();
        assertThat(Planner.isHopelessBelow(refining(4), best)).isFalse();
        assertThat(Planner.isHopelessBelow(refining(0), best)).isFalse();
        assertThat(Planner.isHopelessBelow(best, best)).isFalse();
    }

    /** Projecting and searching take far longer than the best way. */
    private static Estimate refining(double seconds) {
        return new Estimate(Method.COORDINATES, 61, 50, 50, seconds, 0, 100);
    }

    private StandardisedLayer measure(Matrix values) {
        return StandardisedLayer.measure(values, Metric.PEARSON, kernels, workers, Progress.NONE);
    }
}
