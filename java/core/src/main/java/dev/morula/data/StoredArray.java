package dev.morula.data;

import dev.morula.MorulaException;
import dev.morula.kernel.ElementType;
import dev.morula.kernel.Matrix;
import java.nio.file.Path;
import java.util.List;

/**
 * An array that lies uncompressed in a file, checked to be all there.
 *
 * @param file the file
 * @param name how messages call the array: the file's path, with the tensor's name where it has one
 * @param type the element type, little-endian in the file
 * @param order how its elements follow each other
 * @param shape the lengths of its dimensions
 * @param offset the byte of the file at which its first element begins
 */
public record StoredArray(Path file, String name, ElementType type, Order order, List<Long> shape, long offset) {
    /** The order of the elements of an array. */
    public enum Order {
        /** The last dimension is contiguous, as C has it and NumPy by default. */
        C,
        /** The first dimension is contiguous: a 2-D array is stored as its transpose. */
        FORTRAN
    }

    public StoredArray {
        shape = List.copyOf(shape);
    }

    /** Number of elements. */
    public long count() {
        return Shapes.count(name, shape);
    }

    /** Size of the elements in bytes. */
    public long bytes() {
        return count() * type.bytes();
    }

    /**
     * Whether each element begins at a multiple of its size. NumPy and the safetensors library see to that; kernels that
     * say nothing else need it.
     */
    public boolean isAligned() {
        return offset % type.bytes() == 0;
    }

    /**
     * The elements as they lie in the file, mapped read-only: shape (rows, columns) as such, or (columns, rows) in
     * Fortran order; a vector of n elements becomes n x 1.
     *
     * @throws MorulaException if the array is empty or has more than two dimensions
     */
    public Matrix map() {
        if (shape.size() > 2 || count() == 0) {
            throw MorulaException.input(
                    "%s: has shape %s; a matrix or vector that is not empty is needed", name, Shapes.format(shape));
        }
        long rows = shape.isEmpty() ? 1 : shape.get(0);
        long columns = shape.size() < 2 ? 1 : shape.get(1);
        return order == Order.C
                ? Matrix.map(file, offset, type, rows, columns)
                : Matrix.map(file, offset, type, columns, rows);
    }

    /** The elements as they lie in the file, mapped read-only as so many rows and columns, whatever dimensions they have. */
    public Matrix mapAs(long rows, long columns) {
        if (rows * columns != count()) {
            throw MorulaException.input(
                    "%s: has shape %s; %d x %d elements are needed", name, Shapes.format(shape), rows, columns);
        }
        return Matrix.map(file, offset, type, rows, columns);
    }
}
