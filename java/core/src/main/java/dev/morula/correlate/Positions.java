package dev.morula.correlate;

import dev.morula.kernel.ElementType;
import dev.morula.kernel.Matrix;
import java.util.Arrays;
import java.util.stream.IntStream;

/** The neurons that are correlated, in the order in which they are: a pair is named by positions in this list. */
final class Positions implements AutoCloseable {
    private final int[] neurons;
    private final Matrix list;

    Positions(int[] neurons) {
        this.neurons = neurons;
        this.list = Matrix.allocate(ElementType.I32, 1, Math.max(neurons.length, 1));
        list.write(0, neurons, 0, neurons.length);
    }

    /** The neurons 0 to {@code count - 1} in their order. */
    static Positions all(int count) {
        return new Positions(IntStream.range(0, count).toArray());
    }

    int count() {
        return neurons.length;
    }

    int neuron(int position) {
        return neurons[position];
    }

    /** {@code rows} of them from {@code first} on. */
    int[] neurons(long first, long rows) {
        return Arrays.copyOfRange(neurons, (int) first, (int) (first + rows));
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
