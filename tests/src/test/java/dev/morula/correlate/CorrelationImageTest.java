package dev.morula.correlate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.morula.kernel.ElementType;
import dev.morula.kernel.Kernels;
import dev.morula.kernel.Matrices;
import dev.morula.kernel.Matrix;
import dev.morula.kernel.Metric;
import dev.morula.kernel.Progress;
import dev.morula.kernel.Workers;
import dev.morula.standardise.StandardisedLayer;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CorrelationImageTest {
    private static CorrelationImage image(double[][] layer, int[] order) {
        try (Kernels kernels = Kernels.cpu();
                Workers workers = new Workers(2);
                Matrix values = Matrices.of(layer, ElementType.F32);
                StandardisedLayer standardised =
                        StandardisedLayer.measure(values, Metric.PEARSON, kernels, workers, Progress.NONE)) {
            return CorrelationImage.of(standardised, order, kernels, workers);
        }
    }

    /** Some of the neurons, in any order. */
    private static int[] order(int neurons, int some) {
        return new Random(some).ints(0, neurons).distinct().limit(some).toArray();
    }

    @ParameterizedTest
    @CsvSource({"1, 1, 1", "70, 70, 1", "1100, 1024, 1", "1100, 1025, 2", "2100, 2051, 3"})
    void blocksAreMeansOfCorrelations(int neurons, int shown, int perBlock) {
        double[][] layer = TestLayers.lowRank(neurons, 13, 3, 0.3, neurons);
        int[] order = order(neurons, shown);
        CorrelationImage image = image(layer, order);
        assertThat(image.neuronsPerBlock()).isEqualTo(perBlock);
        assertThat(image.blocks()).isEqualTo((shown + perBlock - 1) / perBlock);
        assertThat(image.values()).hasSize(image.blocks() * image.blocks());
        CorrelationOracle oracle = new CorrelationOracle(layer, Metric.PEARSON);
        int last = image.blocks() - 1; // may stand for fewer
        int[] corners = {0, last / 2, Math.max(0, last - 1), last};
        for (int row : corners) {
            for (int column : corners) {
                assertThat((double) image.values()[row * image.blocks() + column])
                        .isCloseTo(mean(oracle, order, row, column, perBlock), within(1e-5));
            }
        }
    }

    private static double mean(CorrelationOracle oracle, int[] order, int row, int column, int perBlock) {
        return members(order, row, perBlock)
                .mapToDouble(i -> members(order, column, perBlock)
                        .mapToDouble(j -> oracle.correlation(i, j))
                        .average()
                        .orElseThrow())
                .average()
                .orElseThrow();
    }

    private static IntStream members(int[] order, int block, int perBlock) {
        return Arrays.stream(order, block * perBlock, Math.min(order.length, (block + 1) * perBlock));
    }

    @Test
    void aSmallLayerIsItsCorrelationMatrixInTheGivenOrder() {
        double[][] layer = TestLayers.gaussian(5, 100, 1);
        CorrelationOracle oracle = new CorrelationOracle(layer, Metric.PEARSON);
        int[] order = {4, 0, 2};
        float[] values = image(layer, order).values();
        for (int row = 0; row < 3; row++) {
            for (int column = 0; column < 3; column++) {
                assertThat((double) values[3 * row + column])
                        .isCloseTo(oracle.correlation(order[row], order[column]), within(1e-6));
            }
        }
    }

    @Test
    void aNeuronWithoutACorrelationCountsAsZero() {
        double[][] layer = TestLayers.gaussian(2, 50, 2);
        Arrays.fill(layer[1], 3);
        float[] values = image(layer, new int[] {0, 1}).values();
        assertThat(values[0]).isCloseTo(1, within(1e-6f));
        assertThat(Arrays.copyOfRange(values, 1, 4)).containsOnly(0);
    }
}
