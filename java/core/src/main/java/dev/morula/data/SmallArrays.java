package dev.morula.data;

import dev.morula.MorulaException;
import dev.morula.kernel.ElementType;
import dev.morula.kernel.Matrix;
import java.nio.file.Path;
import java.util.List;

/** Reads what comes beside activations as .npy: labels and read-outs, which fit the Java heap. */
public final class SmallArrays {
    private SmallArrays() {}

    /**
     * The labels in {@code file}, a vector of whole numbers.
     *
     * @throws MorulaException of kind INPUT that names the file, if it is no such vector, or a label is not from 0 to below
     *     {@code classes}
     */
    public static int[] labels(Path file, int classes) {
        try (NumberFile numbers = NumberFile.open(file)) {
            return numbers.labels(classes);
        }
    }

    /**
     * The finite floating-point numbers in {@code file} as F32, a vector as one row. The caller closes the matrix.
     *
     * @throws MorulaException of kind INPUT that names the file, if it is neither a matrix nor a vector, or empty
     */
    public static Matrix floats(Path file) {
        try (NumberFile numbers = NumberFile.open(file)) {
            List<Long> shape = numbers.shape();
            if (shape.isEmpty() || shape.size() > 2 || shape.contains(0L)) {
                throw MorulaException.input(
                        "%s: has shape %s; a matrix or a vector is needed", file, Shapes.format(shape));
            } else if (!(numbers.values() instanceof Values.Floats floats)) {
                throw MorulaException.input("%s: has whole numbers; floating-point ones are needed", file);
            } else {
                long rows = shape.size() == 1 ? 1 : shape.get(0);
                float[] values = floats.numbers();
                Matrix matrix = Matrix.allocate(ElementType.F32, rows, values.length / rows);
                matrix.write(0, values, 0, values.length);
                return matrix;
            }
        }
    }
}
