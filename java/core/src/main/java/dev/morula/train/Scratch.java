package dev.morula.train;

import dev.morula.kernel.ElementType;
import dev.morula.kernel.Matrix;

/** Memory for one task at a time of each worker, shared by all operations of a network. */
final class Scratch implements AutoCloseable {
    private final Matrix[] memory;

    Scratch(int workers) {
        memory = new Matrix[workers];
    }

    /** At least {@code floats} numbers, whatever they are, for a task that runs on {@code worker}. */
    Matrix of(int worker, long floats) {
        Matrix held = memory[worker];
        if (held == null || held.columns() < floats) {
            if (held != null) {
                held.close();
            }
            memory[worker] = held = Matrix.allocate(ElementType.F32, 1, floats);
        }
        return held;
    }

    @Override
    public void close() {
        for (Matrix matrix : memory) {
            if (matrix != null) {
                matrix.close();
            }
        }
    }
}
