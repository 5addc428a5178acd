package dev.morula.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.morula.kernel.ElementType;
import dev.morula.kernel.Matrix;
import java.util.Random;

/** Matrices in tests: random ones, and their values as float64. */
public final class Floats {
    private Floats() {}

    public static Matrix random(int rows, int columns, Random random) {
        float[][] values = new float[rows][columns];
        for (float[] row : values) {
            for (int i = 0; i < columns; i++) {
                row[i] = (float) random.nextGaussian();
            }
        }
        return Matrix.of(values);
    }

    public static Matrix zeros(long rows, long columns) {
        return Matrix.allocate(ElementType.F32, rows, columns);
    }

    public static Matrix integers(int... values) {
        Matrix matrix = Matrix.allocate(ElementType.I32, values.length, 1);
        matrix.write(0, values, 0, values.length);
        return matrix;
    }

    public static double[][] doubles(Matrix matrix) {
        double[][] values = new double[(int) matrix.rows()][(int) matrix.columns()];
        for (int row = 0; row < values.length; row++) {
            float[] floats = matrix.row(row);
            for (int i = 0; i < floats.length; i++) {
                values[row][i] = floats[i];
            }
        }
        return values;
    }

    /** Sums of {@code terms} products of standard normal numbers, rounded {@code terms} times. */
    public static void assertClose(double[][] actual, double[][] expected, long terms) {
        double tolerance = 4e-7 * (terms + 4);
        assertThat(actual.length).isEqualTo(expected.length);
        for (int row = 0; row < expected.length; row++) {
            assertThat(actual[row].length).isEqualTo(expected[row].length);
            for (int column = 0; column < expected[row].length; column++) {
                double difference = Math.abs(actual[row][column] - expected[row][column]);
                if (!(difference <= tolerance)) { // asserting each of millions of numbers takes minutes
                    assertThat(actual[row][column])
                            .as("%d, %d", row, column)
                            .isCloseTo(expected[row][column], within(tolerance));
                }
            }
        }
    }
}
