package dev.morula.graph;

import dev.morula.kernel.ElementType;
import dev.morula.kernel.Matrix;

/** The entries of a graph that a file holds: the graph's own arrays, or copies of the upper triangle alone. */
final class StoredRows implements AutoCloseable {
    private final long[] starts;
    private final Matrix indices;
    private final Matrix values;
    private final boolean copied;

    private StoredRows(long[] starts, Matrix indices, Matrix values, boolean copied) {
        this.starts = starts;
        this.indices = indices;
        this.values = values;
        this.copied = copied;
    }

    static StoredRows of(CorrelationGraph graph, Triangle triangle) {
        if (triangle == Triangle.FULL || graph.entries() == 0) {
            return new StoredRows(graph.rowStarts(), graph.indices(), graph.values(), false);
        }
        Matrix indices = Matrix.allocate(ElementType.I32, 1, graph.edges());
        Matrix values = Matrix.allocate(ElementType.F32, 1, graph.edges());
        StoredRows upper = new StoredRows(new long[graph.neurons() + 1], indices, values, true);
        upper.copyUpper(graph);
        return upper;
    }

    /** Rows are sorted, so the upper triangle is the end of each. */
    private void copyUpper(CorrelationGraph graph) {
        int[] row = new int[graph.longestRow()];
        for (int neuron = 0; neuron < graph.neurons(); neuron++) {
            int length = graph.readIndices(neuron, row);
            int first = length;
            while (first > 0 && row[first - 1] > neuron) {
                first--;
            }
            long from = graph.rowStart(neuron) + first;
            graph.indices().copyTo(from, indices, starts[neuron], length - first);
            graph.values().copyTo(from, values, starts[neuron], length - first);
            starts[neuron + 1] = starts[neuron] + length - first;
        }
    }

    long entries() {
        return starts[starts.length - 1];
    }

    long[] starts() {
        return starts;
    }

    Matrix indices() {
        return indices;
    }

    Matrix values() {
        return values;
    }

    @Override
    public void close() {
        if (copied) {
            indices.close();
            values.close();
        }
    }
}
