package dev.morula.graph;

import dev.morula.correlate.EdgeList;
import dev.morula.kernel.ElementType;
import dev.morula.kernel.Kernels;
import dev.morula.kernel.Matrix;
import dev.morula.kernel.Workers;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/** Small graphs as maps from pairs, smaller neuron * 2^32 + larger neuron, to correlations. */
public final class TestGraphs {
    private TestGraphs() {}

    static Map<Long, Float> random(int neurons, double density, long seed) {
        Random random = new Random(seed);
        Map<Long, Float> edges = new TreeMap<>();
        for (int i = 0; i < neurons; i++) {
            for (int j = i + 1; j < neurons; j++) {
                if (random.nextDouble() < density) {
                    edges.put(pair(i, j), random.nextFloat());
                }
            }
        }
        return edges;
    }

    public static long pair(int a, int b) {
        return (long) Math.min(a, b) << 32 | Math.max(a, b);
    }

    static CorrelationGraph graph(int neurons, Map<Long, Float> edges, Kernels kernels, Workers workers) {
        try (EdgeList list = new EdgeList();
                Matrix pair = Matrix.allocate(ElementType.I64, 1, 1);
                Matrix value = Matrix.allocate(ElementType.F32, 1, 1)) {
            edges.forEach((key, correlation) -> {
                pair.write(0, new long[] {key}, 0, 1);
                value.write(0, new float[] {correlation}, 0, 1);
                list.add(pair, value, 1);
            });
            return CorrelationGraph.of(list, neurons, kernels, workers);
        }
    }

    /** The edges of {@code graph}; fails unless its rows ascend and each edge is in both its rows. */
    public static Map<Long, Float> edges(CorrelationGraph graph) {
        Map<Long, Float> below = new TreeMap<>();
        Map<Long, Float> above = new TreeMap<>();
        for (int row = 0; row < graph.neurons(); row++) {
            int[] neighbours = new int[graph.rowLength(row)];
            float[] values = new float[neighbours.length];
            graph.readIndices(row, neighbours);
            graph.readValues(row, values);
            for (int k = 0; k < neighbours.length; k++) {
                if (neighbours[k] == row || (k > 0 && neighbours[k - 1] >= neighbours[k])) {
                    throw new AssertionError("row " + row + " does not ascend, or holds the diagonal");
                }
                (neighbours[k] < row ? below : above).put(pair(row, neighbours[k]), values[k]);
            }
        }
        if (!below.equals(above)) {
            throw new AssertionError("not symmetric: " + below + " and " + above);
        }
        return above;
    }
}
