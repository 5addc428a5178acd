package dev.morula.redundancy.depth;

import dev.morula.kernel.ElementType;
import dev.morula.kernel.Matrix;

/**
 * Inner products and squared distances of all pairs of a few long rows, in float64.
 *
 * @param products rows x rows
 * @param squaredDistances rows x rows, summed from differences, so that equal rows have exactly 0
 */
record RowProducts(double[][] products, double[][] squaredDistances) {
    static final int COLUMNS = 4096; // at a time, so that hundreds of rows of any length stay small

    /** Those of an F32 or F64 matrix. */
    static RowProducts of(Matrix matrix) {
        int rows = Math.toIntExact(matrix.rows());
        RowProducts sums = new RowProducts(new double[rows][rows], new double[rows][rows]);
        for (long first = 0; first < matrix.columns(); first += COLUMNS) {
            sums.add(columns(matrix, first, (int) Math.min(COLUMNS, matrix.columns() - first)));
        }
        return sums;
    }

    /** {@code count} columns of {@code matrix}, F32 or F64, from {@code first} on. */
    static double[][] columns(Matrix matrix, long first, int count) {
        double[][] values = new double[Math.toIntExact(matrix.rows())][count];
        float[] floats = new float[count];
        for (int row = 0; row < values.length; row++) {
            long from = row * matrix.columns() + first;
            if (matrix.type() == ElementType.F64) {
                matrix.read(from, values[row], 0, count);
            } else {
                matrix.read(from, floats, 0, count);
                for (int i = 0; i < count; i++) {
                    values[row][i] = floats[i];
                }
            }
        }
        return values;
    }

    private void add(double[][] values) {
        for (int left = 0; left < values.length; left++) {
            for (int right = 0; right <= left; right++) {
                double product = 0;
                double square = 0;
                for (int i = 0; i < values[left].length; i++) {
                    double difference = values[left][i] - values[right][i];
                    product += values[left][i] * values[right][i];
                    square += difference * difference;
                }
                products[left][right] += product;
                products[right][left] = products[left][right];
                squaredDistances[left][right] += square;
                squaredDistances[right][left] = squaredDistances[left][right];
            }
        }
    }

    int count() {
        return products.length;
    }

    /** The norm of a row. */
    double norm(int row) {
        return Math.sqrt(products[row][row]);
    }
}
