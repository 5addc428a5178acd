package dev.morula;

import dev.morula.kernel.ElementType;
import dev.morula.kernel.Matrix;

/** Matrices to compute with. */
public final class RandomMatrix {
    private RandomMatrix() {}

    /** Uniform in [-0.5, 0.5). */
    public static Matrix of(long rows, long columns) {
        Matrix matrix = Matrix.allocate(ElementType.F32, rows, columns);
        RandomNumbers numbers = new RandomNumbers(1);
        float[] row = new float[Math.toIntExact(columns)];
        for (long first = 0; first < rows * columns; first += columns) {
            for (int column = 0; column < columns; column++) {
                row[column] = numbers.nextUnit() - 0.5f;
            }
            matrix.write(first, row, 0, row.length);
        }
        return matrix;
    }

    /** Labels (count x 1, I32). */
    public static Matrix labels(int count, int classes) {
        RandomNumbers numbers = new RandomNumbers(2);
        int[] labels = new int[count];
        for (int i = 0; i < count; i++) {
            labels[i] = numbers.nextBelow(classes);
        }
        Matrix matrix = Matrix.allocate(ElementType.I32, count, 1);
        matrix.write(0, labels, 0, count);
        return matrix;
    }
}
