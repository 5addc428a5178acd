package dev.morula.correlate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.morula.kernel.ElementType;
import dev.morula.kernel.Kernels;
import dev.morula.kernel.Matrices;
import dev.morula.kernel.Matrix;
import dev.morula.kernel.Metric;
import dev.morula.kernel.Progress;
import dev.morula.kernel.Sign;
import dev.morula.kernel.Workers;
import dev.morula.standardise.StandardisedLayer;
import org.junit.jupiter.api.Test;

class DegreeCounterTest {
    /** Many more edges than the memory would hold as a list. */
    @Test
    void countsPartnersOfEdgesThatNobodyKeeps() {
        double[][] layer = TestLayers.lowRank(700, 51, 3, 0.3, 1);
        layer[13] = new double[51];
        CorrelationQuery query = CorrelationQuery.atLeast(0.1).withMostEdges(1);
        try (Kernels kernels = Kernels.cpu();
                Workers workers = new Workers(2);
                Matrix values = Matrices.of(layer, ElementType.F32);
                StandardisedLayer standardised =
                        StandardisedLayer.measure(values, Metric.PEARSON, kernels, workers, Progress.NONE);
                DegreeCounter counter = new DegreeCounter(layer.length, kernels);
                Correlation found = Correlator.run(standardised, query, counter, kernels, workers, Progress.NONE)) {
            long[] expected = new long[layer.length];
            for (long pair : new CorrelationOracle(layer, Metric.PEARSON)
                    .edges(0.1, Sign.SIGNED)
                    .longs()) {
                expected[(int) (pair >> 32)]++;
                expected[(int) pair]++;
            }
            assertThat(counter.degrees()).isEqualTo(expected);
            assertThat(expected[13]).isZero();
            assertThat(found.edges().count()).isZero();
        }
    }
}
