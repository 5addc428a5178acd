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
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;

/** Whatever the shape, rank, noise and threshold: every tier finds the oracle's edges. */
class CorrelatorProperties {
    @Property(tries = 60)
    void everyTierFindsTheOraclesEdges(
            @ForAll @IntRange(min = 1, max = 90) int neurons,
            @ForAll @IntRange(min = 2, max = 300) int samples,
            @ForAll @IntRange(min = 1, max = 6) int rank,
            @ForAll @DoubleRange(min = 0, max = 2) double noise,
            @ForAll @DoubleRange(min = -1, max = 1) double threshold,
            @ForAll Metric metric,
            @ForAll Sign sign,
            @ForAll long seed) {
        double[][] layer = TestLayers.lowRank(neurons, samples, rank, noise, seed);
        PairSet expected = new CorrelationOracle(layer, metric).edges(threshold, sign);
        for (Tier tier : Tiers.available()) {
            assertThat(edges(layer, metric, threshold, sign, tier).differenceTo(expected))
                    .isEmpty();
        }
    }

    private static PairSet edges(double[][] layer, Metric metric, double threshold, Sign sign, Tier tier) {
        try (Kernels kernels = Kernels.cpu(tier);
                Workers workers = new Workers(2);
                Matrix values = Matrices.of(layer, ElementType.F32);
                StandardisedLayer standardised =
                        StandardisedLayer.measure(values, metric, kernels, workers, Progress.NONE);
                Correlation found = Correlator.run(
                        standardised,
                        CorrelationQuery.atLeast(threshold).withSign(sign),
                        kernels,
                        workers,
                        Progress.NONE)) {
            return PairSet.of(found.edges(), layer.length);
        }
    }
}
