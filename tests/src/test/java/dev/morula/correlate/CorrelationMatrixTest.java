package dev.morula.correlate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

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
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** All correlations against the oracle's. */
class CorrelationMatrixTest {

    @ParameterizedTest
    @EnumSource
    void holdsAllCorrelations(Metric metric) {
        double[][] layer = TestLayers.withClones(TestLayers.lowRank(300, 601, 4, 0.3, 1)); // two blocks, two chunks
        Arrays.fill(layer[77], 0);
        agrees(layer, ElementType.F32, metric);
    }

    @ParameterizedTest
    @CsvSource({"1, 2", "2, 3", "255, 17", "256, 512", "257, 513"})
    void oddShapes(int neurons, int samples) {
        agrees(TestLayers.gaussian(neurons, samples, neurons), ElementType.F64, Metric.PEARSON);
    }

    /** What float32 sums would lose: many equal terms, and a mean that is large beside what varies. */
    @Test
    void isPreciseWhereFloat32IsNot() {
        double[][] layer = TestLayers.map(TestLayers.lowRank(5, 100_001, 2, 0.01, 3), x -> 1000 + Math.rint(x * 8) / 8);
        agrees(layer, ElementType.F32, Metric.PEARSON);
        agrees(layer, ElementType.F32, Metric.COSINE);
    }

    private static void agrees(double[][] layer, ElementType type, Metric metric) {
        CorrelationOracle oracle = new CorrelationOracle(layer, metric);
        for (Tier tier : Tiers.available()) {
            try (Kernels kernels = Kernels.cpu(tier);
                    Workers workers = new Workers(2);
                    Matrix values = Matrices.of(layer, type);
                    StandardisedLayer standardised =
                            StandardisedLayer.measure(values, metric, kernels, workers, Progress.NONE);
                    Matrix matrix = CorrelationMatrix.of(standardised, kernels, workers, Progress.NONE)) {
                agrees(matrix, oracle);
            }
        }
    }

    private static void agrees(Matrix matrix, CorrelationOracle oracle) {
        for (int i = 0; i < matrix.rows(); i++) {
            float[] row = matrix.row(i);
            for (int j = 0; j < row.length; j++) {
                double expected = oracle.correlation(i, j);
                if (Double.isNaN(expected)) {
                    assertThat(row[j]).isNaN();
                } else if (i == j) {
                    assertThat(row[j]).isEqualTo(1);
                } else if (!(Math.abs(row[j] - expected) <= 1e-7)) { // AssertJ is slow for so many
                    assertThat((double) row[j]).as("%d, %d", i, j).isCloseTo(expected, within(1e-7));
                }
            }
        }
    }
}
