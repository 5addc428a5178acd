package dev.morula.kernel;

/** Checks that matrices are what a kernel takes. */
final class Shapes {
    private Shapes() {}

    static void require(String name, Matrix matrix, ElementType type, long rows, long columns) {
        if (matrix.type() != type || matrix.rows() != rows || matrix.columns() != columns) {
            throw new IllegalArgumentException(String.format(
                    "%s is %d x %d %s, not %d x %d %s",
                    name, matrix.rows(), matrix.columns(), matrix.type(), rows, columns, type));
        }
    }
}
