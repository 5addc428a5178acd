package dev.morula.correlate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.morula.kernel.ElementType;
import dev.morula.kernel.Kernels;
import dev.morula.kernel.Matrices;
import dev.morula.kernel.Matrix;
import dev.morula.kernel.Metric;
import dev.morula.kernel.Progress;
import dev.morula.kernel.Sign;
import dev.morula.kernel.Tier;
import dev.morula.kernel.Tiers;
import dev.morula.kernel.Workers;
import dev.morula.standardise.StandardisedLayer;
import java.util.Arrays;
import java.util.Random;
import java.util.function.DoubleUnaryOperator;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** Edges by Spearman's correlation, against exact ranks and exact arithmetic on them. */
class SpearmanTest {

    @Test
    void findsTheEdgesOfExactRanks() {
        double[][] layer = TestLayers.map(TestLayers.lowRank(130, 211, 4, 0.3, 1), x -> Math.rint(x * 4) / 4); // ties
        Arrays.fill(layer[7], 1.5);
        layer[8] = TestLayers.map(new double[][] {layer[9]}, x -> -x)[0];
        CorrelationOracle oracle = new CorrelationOracle(layer, Metric.SPEARMAN);
        for (Tier tier : Tiers.available()) {
            for (ElementType type :
                    new ElementType[] {ElementType.F16, ElementType.BF16, ElementType.F32, ElementType.F64}) {
                for (double threshold : new double[] {-0.3, 0.5, 0.9, 1}) {
                    PairSet edges = edges(layer, type, threshold, Sign.SIGNED, tier);
                    assertThat(edges.differenceTo(oracle.edges(threshold, Sign.SIGNED)))
                            .isEmpty();
                }
                PairSet strong = edges(layer, type, 0.9, Sign.ABSOLUTE, tier);
                assertThat(strong.differenceTo(oracle.edges(0.9, Sign.ABSOLUTE)))
                        .isEmpty();
                assertThat(strong.contains(8, 9)).isTrue();
            }
        }
    }

    /** Ranks 1 to 4 against 2 1 4 3: exactly 0.6; and 1 2 3 against 2 1 3: exactly 0.5. */
    @Test
    void aTieWithTheThresholdIsAnEdge() {
        for (Tier tier : Tiers.available()) {
            double[][] four = {{1, 2, 3, 4}, {20, 1, 1e9, 1e3}};
            assertThat(edges(four, ElementType.F32, 0.6, Sign.SIGNED, tier).size())
                    .isEqualTo(1);
            assertThat(edges(four, ElementType.F32, Math.nextUp(0.6), Sign.SIGNED, tier)
                            .size())
                    .isZero();
            double[][] three = {{-1, 0, 5e-324}, {0.5, -0.5, 1e300}};
            assertThat(edges(three, ElementType.F64, 0.5, Sign.SIGNED, tier).size())
                    .isEqualTo(1);
            assertThat(edges(three, ElementType.F64, Math.nextUp(0.5), Sign.SIGNED, tier)
                            .size())
                    .isZero();
        }
    }

    @Property(tries = 40)
    void aStrictlyIncreasingMapOfTheValuesChangesNoEdge(
            @ForAll @IntRange(min = 2, max = 60) int neurons,
            @ForAll @IntRange(min = 2, max = 200) int samples,
            @ForAll @DoubleRange(min = -1, max = 1) double threshold,
            @ForAll long seed) {
        double[][] layer =
                TestLayers.map(TestLayers.lowRank(neurons, samples, 2, 0.5, seed), x -> Math.rint(x * 8) / 8);
        Random random = new Random(seed);
        double[][] mapped = Arrays.stream(layer)
                .map(row -> TestLayers.map(new double[][] {row}, increasing(random))[0])
                .toArray(double[][]::new);
        PairSet expected = edges(layer, ElementType.F32, threshold, Sign.SIGNED, null);
        assertThat(edges(mapped, ElementType.F64, threshold, Sign.SIGNED, null).differenceTo(expected))
                .isEmpty();
    }

    private static DoubleUnaryOperator increasing(Random random) {
        double scale = Math.exp(20 * random.nextGaussian());
        double shift = random.nextInt(3) - 1;
        return switch (random.nextInt(3)) {
            case 0 -> x -> scale * x;
            case 1 -> x -> Math.cbrt(x) + shift;
            default -> x -> Math.exp(x) + shift;
        };
    }

    private static PairSet edges(double[][] layer, ElementType type, double threshold, Sign sign, Tier tier) {
        try (Kernels kernels = tier == null ? Kernels.cpu() : Kernels.cpu(tier);
                Workers workers = new Workers(2);
                Matrix values = Matrices.of(layer, type);
                StandardisedLayer ranked =
                        StandardisedLayer.measure(values, Metric.SPEARMAN, kernels, workers, Progress.NONE);
                Correlation found = Correlator.run(
                        ranked, CorrelationQuery.atLeast(threshold).withSign(sign), kernels, workers, Progress.NONE)) {
            return PairSet.of(found.edges(), layer.length);
        }
    }
}
