package dev.morula.correlate;

import dev.morula.kernel.ElementType;
import dev.morula.kernel.Matrix;

/**
 * The strongest partners of each neuron in compressed sparse rows, off-heap: row i lists those of neuron i by ascending
 * index. A directed graph: a neuron need not be among the strongest partners of its own.
 *
 * @param rowStart where each neuron's partners begin; one more than there are neurons
 * @param indices the partners (I32, 1 x all); null if there are none
 * @param values the correlation with each (F32, 1 x all), within 1e-6; null if there are none
 */
public record StrongestPartners(long[] rowStart, Matrix indices, Matrix values) implements AutoCloseable {
    static StrongestPartners allocate(long[] rowStart) {
        long entries = rowStart[rowStart.length - 1];
        if (entries == 0) {
            return new StrongestPartners(rowStart, null, null);
        }
        return new StrongestPartners(
                rowStart, Matrix.allocate(ElementType.I32, 1, entries), Matrix.allocate(ElementType.F32, 1, entries));
    }

    /** Partners of all neurons together. */
    public long entries() {
        return rowStart[rowStart.length - 1];
    }

    @Override
    public void close() {
        if (indices != null) {
            indices.close();
            values.close();
        }
    }
}
