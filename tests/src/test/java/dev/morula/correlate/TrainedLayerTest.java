package dev.morula.correlate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.morula.correlate.CorrelationPlan.Method;
import dev.morula.kernel.ElementType;
import dev.morula.kernel.Kernels;
import dev.morula.kernel.Matrices;
import dev.morula.kernel.Matrix;
import dev.morula.kernel.Metric;
import dev.morula.kernel.Progress;
import dev.morula.kernel.Tier;
import dev.morula.kernel.Tiers;
import dev.morula.kernel.Workers;
import dev.morula.standardise.StandardisedLayer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** What the screen is made for: every tier finds the edges of a trained layer that float64 brute force finds. */
class TrainedLayerTest {
    private static final double[] THRESHOLDS = {0.3, 0.5, 0.7, 0.8, 0.9, 0.95, 0.99};

    @Test
    void screensFindTheEdgesOfATrainedLayer() {
        everyTierFindsTheEdges(TrainedLayer.of(2048, 1000));
    }

    @Test
    @EnabledIfSystemProperty(named = "morula.full", matches = "true", disabledReason = "takes minutes: .ci/run --full")
    void screensFindTheEdgesOfAWideTrainedLayer() {
        everyTierFindsTheEdges(TrainedLayer.of(8192, 2000));
    }

    private static void everyTierFindsTheEdges(double[][] layer) {
        DoubleCorrelations real = new DoubleCorrelations(layer);
        for (double threshold : THRESHOLDS) {
            PairSet expected = real.edges(threshold);
            assertThat(expected.size()).isPositive();
            for (Tier tier : Tiers.available()) {
                assertThat(edges(layer, threshold, tier).differenceTo(expected))
                        .as("%s at %s", tier, threshold)
                        .isEmpty();
            }
        }
    }

    private static PairSet edges(double[][] layer, double threshold, Tier tier) {
        ForcedPlan plan = new ForcedPlan(Method.PRINCIPAL, 61);
        CorrelationQuery query = CorrelationQuery.atLeast(threshold);
        try (Kernels kernels = Kernels.cpu(tier);
                Workers workers = new Workers(2);
                Matrix values = Matrices.of(layer, ElementType.F32);
                StandardisedLayer standardised =
                        StandardisedLayer.measure(values, Metric.PEARSON, kernels, workers, Progress.NONE);
                Correlation found = plan.run(standardised, query, kernels, workers)) {
            assertThat(found.plan().method()).isEqualTo(Method.PRINCIPAL);
            return PairSet.of(found.edges(), layer.length);
        }
    }
}
