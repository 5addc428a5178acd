package dev.morula.kernel;

/** Holds the matrices of one native call open until it returns: {@code try (Pins pins = new Pins()) { ... }}. */
final class Pins implements AutoCloseable {
    private static final int MOST = 12; // more than any kernel takes

    private final Memory[] held = new Memory[MOST];
    private int count;

    /** The address of the matrix's first element, valid until this is closed. */
    long of(Matrix matrix) {
        matrix.memory().acquire(Access.UPDATE);
        held[count++] = matrix.memory();
        return matrix.address();
    }

    /** The same, with 0 for no matrix. */
    long ofNullable(Matrix matrix) {
        return matrix == null ? 0 : of(matrix);
    }

    @Override
    public void close() {
        while (count > 0) {
            held[--count].release(Access.UPDATE);
        }
    }
}
