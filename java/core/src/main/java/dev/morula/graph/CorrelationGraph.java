package dev.morula.graph;

import dev.morula.correlate.EdgeList;
import dev.morula.kernel.ElementType;
import dev.morula.kernel.Kernels;
import dev.morula.kernel.Matrix;
import dev.morula.kernel.Workers;
import java.util.Objects;

/**
 * An undirected graph of neurons in compressed sparse rows, off-heap: row i lists the neurons that i has an edge with,
 * ascending, with their correlations. Every edge is in both its rows; there is no diagonal.
 */
public final class CorrelationGraph implements AutoCloseable {
    private static final int SORT_BLOCK = 1024;

    private final long[] rowStart;
    private final Matrix indices;
    private final Matrix values;

    /**
     * Takes over the given arrays.
     *
     * @param rowStart where each neuron's entries begin; one more than there are neurons
     * @param indices the other neuron of each entry (I32, 1 x entries), ascending in each row; null if there are none
     * @param values the correlation of each entry (F32, 1 x entries); null if there are none
     */
    public CorrelationGraph(long[] rowStart, Matrix indices, Matrix values) {
        this.rowStart = rowStart;
        this.indices = indices;
        this.values = values;
    }

    /** The graph of the given edges, which are consumed: their memory is freed on the way. */
    public static CorrelationGraph of(EdgeList edges, int neurons, Kernels kernels, Workers workers) {
        long[] rowStart = rowStarts(edges, neurons, kernels);
        long entries = rowStart[neurons];
        if (entries == 0) {
            return new CorrelationGraph(rowStart, null, null);
        }
        Matrix indices = Matrix.allocate(ElementType.I32, 1, entries);
        Matrix values = Matrix.allocate(ElementType.F32, 1, entries);
        CorrelationGraph graph = new CorrelationGraph(rowStart, indices, values);
        try (Matrix next = Matrix.allocate(ElementType.I64, 1, neurons + 1L)) {
            next.write(0, rowStart, 0, rowStart.length);
            graph.fill(edges, next, kernels);
            next.write(0, rowStart, 0, rowStart.length);
            workers.forEach((neurons + SORT_BLOCK - 1) / SORT_BLOCK, (block, worker) -> {
                long first = block * SORT_BLOCK;
                kernels.csrSort(indices, values, next, first, Math.min(SORT_BLOCK, neurons - first));
            });
            return graph;
        } catch (RuntimeException | Error e) {
            graph.close();
            throw e;
        }
    }

    private static long[] rowStarts(EdgeList edges, int neurons, Kernels kernels) {
        long[] degrees = new long[neurons];
        try (Matrix counted = Matrix.allocate(ElementType.I64, 1, neurons)) {
            for (EdgeList.Chunk chunk : edges.chunks()) {
                kernels.csrCount(counted, chunk.pairs(), chunk.count());
            }
            counted.read(0, degrees, 0, neurons);
        }
        long[] rowStart = new long[neurons + 1];
        for (int neuron = 0; neuron < neurons; neuron++) {
            rowStart[neuron + 1] = rowStart[neuron] + degrees[neuron];
        }
        return rowStart;
    }

    private void fill(EdgeList edges, Matrix next, Kernels kernels) {
        for (EdgeList.Chunk chunk = edges.takeFirst(); chunk != null; chunk = edges.takeFirst()) {
            try (EdgeList.Chunk used = chunk) {
                kernels.csrFill(indices, values, next, used.pairs(), used.values(), used.count());
            }
        }
    }

    public int neurons() {
        return rowStart.length - 1;
    }

    /** Entries stored: twice the edges. */
    public long entries() {
        return rowStart[rowStart.length - 1];
    }

    public long edges() {
        return entries() / 2;
    }

    /** Entries of row {@code neuron}. */
    public int rowLength(int neuron) {
        return Math.toIntExact(rowStart[neuron + 1] - rowStart[neuron]);
    }

    /** Where the entries of row {@code neuron} begin. */
    public long rowStart(int neuron) {
        return rowStart[neuron];
    }

    /** Copies the neurons of row {@code neuron} into {@code target} and returns how many they are. */
    public int readIndices(int neuron, int[] target) {
        int length = rowLength(neuron);
        Objects.checkFromIndexSize(0, length, target.length);
        if (length > 0) {
            indices.read(rowStart[neuron], target, 0, length);
        }
        return length;
    }

    /** Copies the correlations of row {@code neuron} into {@code target} and returns how many they are. */
    public int readValues(int neuron, float[] target) {
        int length = rowLength(neuron);
        Objects.checkFromIndexSize(0, length, target.length);
        if (length > 0) {
            values.read(rowStart[neuron], target, 0, length);
        }
        return length;
    }

    /** The length of the longest row. */
    public int longestRow() {
        int longest = 0;
        for (int neuron = 0; neuron < neurons(); neuron++) {
            longest = Math.max(longest, rowLength(neuron));
        }
        return longest;
    }

    long[] rowStarts() {
        return rowStart;
    }

    Matrix indices() {
        return indices;
    }

    Matrix values() {
        return values;
    }

    @Override
    public void close() {
        if (indices != null) {
            indices.close();
            values.close();
        }
    }
}
