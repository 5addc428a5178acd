package dev.morula.kernel;

/**
 * Decides where a large matrix lives: {@code Matrix::allocate} for anonymous memory, or {@code (type, rows, columns) ->
 * Matrix.scratch(folder, type, rows, columns)} where it would not fit the memory budget.
 */
@FunctionalInterface
public interface MatrixAllocator {
    /** A writable, zeroed matrix that the caller closes. */
    Matrix allocate(ElementType type, long rows, long columns);
}
