package dev.morula.redundancy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.morula.kernel.ElementType;
import dev.morula.kernel.Kernels;
import dev.morula.kernel.Matrix;
import dev.morula.kernel.Tier;
import dev.morula.kernel.Tiers;
import dev.morula.train.Floats;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Against the definitions in float64. */
class ClassKernelsTest {
    private static final double TOLERANCE = 1e-11; // relative to sums of at most a thousand numbers of size 1

    static Stream<Arguments> sizes() {
        int[][] sizes = {{1, 1, 1}, {7, 1, 2}, {1, 13, 3}, {131, 67, 5}, {300, 521, 10}, {129, 1031, 3}};
        return Tiers.available().stream()
                .flatMap(tier -> Stream.of(sizes).map(size -> Arguments.of(tier, size[0], size[1], size[2])));
    }

    @ParameterizedTest
    @MethodSource("sizes")
    void areTheDefinitions(Tier tier, int samples, int neurons, int classes) {
        Random random = new Random(samples);
        int[] labels = random.ints(samples, 0, classes).toArray();
        try (Kernels kernels = Kernels.cpu(tier);
                Matrix values = Floats.random(samples, neurons, random);
                Matrix label = Floats.integers(labels);
                Matrix sums = Matrix.allocate(ElementType.F64, classes, neurons);
                Matrix distances = Matrix.allocate(ElementType.F64, samples, 1);
                Matrix projections = Matrix.allocate(ElementType.F64, samples, classes);
                Matrix centre = Matrix.allocate(ElementType.F64, 1, neurons)) {
            double[][] x = Floats.doubles(values);
            kernels.classes().sums(sums, values, label, 0, neurons / 2 + 1);
            if (neurons > 1) {
                kernels.classes().sums(sums, values, label, neurons / 2 + 1, neurons - neurons / 2 - 1);
            }
            double[][] expected = new double[classes][neurons];
            for (int n = 0; n < samples; n++) {
                for (int i = 0; i < neurons; i++) {
                    expected[labels[n]][i] += x[n][i];
                }
            }
            assertClose(sums, expected);
            double[] middle = random.doubles(neurons).toArray();
            centre.write(0, middle, 0, neurons);
            kernels.classes().distances(distances, values, label, sums);
            kernels.classes().project(projections, values, centre, sums);
            double[][] squares = new double[samples][1];
            double[][] products = new double[samples][classes];
            for (int n = 0; n < samples; n++) {
                for (int i = 0; i < neurons; i++) {
                    double difference = x[n][i] - expected[labels[n]][i];
                    squares[n][0] += difference * difference;
                    for (int c = 0; c < classes; c++) {
                        products[n][c] += (x[n][i] - middle[i]) * expected[c][i];
                    }
                }
            }
            assertClose(distances, squares);
            assertClose(projections, products);
        }
    }

    @Test
    void aLabelBeyondTheClassesIsRefused() {
        try (Kernels kernels = Kernels.cpu();
                Matrix values = Floats.zeros(3, 2);
                Matrix labels = Floats.integers(0, 2, 1);
                Matrix sums = Matrix.allocate(ElementType.F64, 2, 2)) {
            assertThatThrownBy(() -> kernels.classes().sums(sums, values, labels, 0, 2))
                    .hasMessageContaining("sample 1 has label 2, but there are 2 classes");
        }
    }

    private static void assertClose(Matrix actual, double[][] expected) {
        double[] row = new double[expected[0].length];
        for (int r = 0; r < expected.length; r++) {
            actual.read((long) r * row.length, row, 0, row.length);
            for (int c = 0; c < row.length; c++) {
                assertThat(row[c])
                        .as("%d, %d", r, c)
                        .isCloseTo(expected[r][c], within(TOLERANCE * (1 + Math.abs(expected[r][c]) + row.length)));
            }
        }
    }
}
