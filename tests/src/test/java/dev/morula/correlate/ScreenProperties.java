package dev.morula.correlate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.morula.correlate.CorrelationPlan.Method;
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
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;

/** Whatever the shape, rank, noise and threshold, and however pairs are ruled out: the oracle's edges. */
class ScreenProperties {
    @Property(tries = 150)
    void everyPlanFindsTheOraclesEdges(
            @ForAll @IntRange(min = 1, max = 150) int neurons,
            @ForAll @IntRange(min = 2, max = 600) int samples,
            @ForAll @IntRange(min = 1, max = 6) int signals,
            @ForAll @DoubleRange(min = 0, max = 2) double noise,
            @ForAll Method method,
            @ForAll @IntRange(min = 1, max = 300) int rank,
            @ForAll @DoubleRange(min = -1, max = 1) double threshold,
            @ForAll Metric metric,
            @ForAll Sign sign,
            @ForAll long seed) {
        double[][] layer = TestLayers.lowRank(neurons, samples, signals, noise, seed);
        PairSet expected = new CorrelationOracle(layer, metric).edges(threshold, sign);
        CorrelationQuery query = CorrelationQuery.atLeast(threshold).withSign(sign);
        for (Tier tier : Tiers.available()) {
            try (Kernels kernels = Kernels.cpu(tier);
                    Workers workers = new Workers(2);
                    Matrix values = Matrices.of(layer, ElementType.F32);
                    StandardisedLayer standardised =
                            StandardisedLayer.measure(values, metric, kernels, workers, Progress.NONE);
                    Correlation found = new ForcedPlan(method, rank).run(standardised, query, kernels, workers)) {
                assertThat(PairSet.of(found.edges(), neurons).differenceTo(expected))
                        .isEmpty();
            }
        }
    }
}
