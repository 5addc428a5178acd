package dev.morula.correlate;

import dev.morula.kernel.ElementType;
import dev.morula.kernel.Matrix;

/** The neurons that are correlated, in the order in which they are: a pair is named by positions in this list. */
final class Positions implements AutoCloseable {
    private final int[] neurons;
    private final Matrix list;

    Positions(int[] neurons) {
        this.neurons = neurons;
        this.list = Matrix.allocate(ElementType.I32, 1, Math.max(neurons.length, 1));
        list.write(0, neurons, 0, neurons.length);
    }

    int count() {
        return neurons.length;
    }

    int neuron(int position) {
        return neurons[position];
    }

    /** All of them, I32, 1 x count. */
    Matrix list() {
        return list;
    }

    /** {@code rows} of them from {@code first} on; the caller closes the copy. */
    Matrix list(long first, long rows) {
        Matrix copy = Matrix.allocate(ElementType.I32, 1, rows);
        list.copyTo(first, copy, 0, rows);
        return copy;
    }

    @Override
    public void close() {
        list.close();
    }
}
