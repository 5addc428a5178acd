package dev.morula.graph;

import static org.assertj.core.api.Assertions.assertThat;

import dev.morula.correlate.EdgeList;
import dev.morula.kernel.ElementType;
import dev.morula.kernel.Kernels;
import dev.morula.kernel.Matrix;
import dev.morula.kernel.Workers;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Edges in any order become sorted rows that hold each of them twice. */
class CorrelationGraphTest {
    @ParameterizedTest
    @CsvSource({"2, 1", "7, 0.5", "100, 0.02", "301, 0.9", "1021, 0.7"}) // the last one fills more than one chunk
    void rowsHoldTheNeighboursOfEveryNeuron(int neurons, double density) {
        Random random = new Random(neurons);
        long[] pairs = new long[neurons * (neurons - 1) / 2];
        int count = 0;
        for (long i = 0; i < neurons; i++) {
            for (long j = i + 1; j < neurons; j++) {
                if (random.nextDouble() < density) {
                    pairs[count++] = i << 32 | j;
                }
            }
        }
        shuffle(pairs, count, random);
        float[] values = new float[count];
        for (int edge = 0; edge < count; edge++) {
            values[edge] = random.nextFloat();
        }
        List<SortedMap<Integer, Float>> rows = rows(neurons, pairs, values);
        try (EdgeList edges = list(pairs, values);
                CorrelationGraph graph = graph(edges, neurons)) {
            assertThat(edges.chunks()).as("memory given back").isEmpty();
            assertThat(graph.edges()).isEqualTo(count);
            assertThat(graph.longestRow())
                    .isEqualTo(rows.stream().mapToInt(SortedMap::size).max().orElse(0));
            for (int neuron = 0; neuron < neurons; neuron++) {
                assertThat(row(graph, neuron)).isEqualTo(rows.get(neuron));
            }
        }
    }

    private static void shuffle(long[] pairs, int count, Random random) {
        for (int k = count - 1; k > 0; k--) {
            int other = random.nextInt(k + 1);
            long pair = pairs[k];
            pairs[k] = pairs[other];
            pairs[other] = pair;
        }
    }

    private static List<SortedMap<Integer, Float>> rows(int neurons, long[] pairs, float[] values) {
        List<SortedMap<Integer, Float>> rows = Stream.generate(
                        () -> (SortedMap<Integer, Float>) new TreeMap<Integer, Float>())
                .limit(neurons)
                .toList();
        for (int edge = 0; edge < values.length; edge++) {
            int i = (int) (pairs[edge] >> 32);
            int j = (int) pairs[edge];
            rows.get(i).put(j, values[edge]);
            rows.get(j).put(i, values[edge]);
        }
        return rows;
    }

    private static EdgeList list(long[] pairs, float[] values) {
        EdgeList edges = new EdgeList();
        try (Matrix allPairs = Matrix.allocate(ElementType.I64, 1, Math.max(1, values.length));
                Matrix allValues = Matrix.allocate(ElementType.F32, 1, Math.max(1, values.length))) {
            allPairs.write(0, pairs, 0, values.length);
            allValues.write(0, values, 0, values.length);
            edges.add(allPairs, allValues, values.length);
        }
        return edges;
    }

    private static CorrelationGraph graph(EdgeList edges, int neurons) {
        try (Kernels kernels = Kernels.cpu();
                Workers workers = new Workers(2)) {
            return CorrelationGraph.of(edges, neurons, kernels, workers);
        }
    }

    /** A row by neighbour; fails if it is not ascending. */
    private static SortedMap<Integer, Float> row(CorrelationGraph graph, int neuron) {
        int[] neighbours = new int[graph.longestRow()];
        float[] values = new float[graph.longestRow()];
        int length = graph.readIndices(neuron, neighbours);
        assertThat(graph.readValues(neuron, values)).isEqualTo(length).isEqualTo(graph.rowLength(neuron));
        SortedMap<Integer, Float> row = new TreeMap<>();
        for (int k = 0; k < length; k++) {
            assertThat(k == 0 || neighbours[k] > neighbours[k - 1]).isTrue();
            row.put(neighbours[k], values[k]);
        }
        return row;
    }

    @Test
    void aGraphMayHaveNoEdges() {
        try (EdgeList edges = new EdgeList();
                CorrelationGraph graph = graph(edges, 3)) {
            assertThat(graph.edges()).isZero();
            assertThat(graph.longestRow()).isZero();
            assertThat(Arrays.asList(graph.rowLength(0), graph.rowLength(2), graph.neurons()))
                    .containsExactly(0, 0, 3);
            assertThat(graph.readIndices(1, new int[0])).isZero();
        }
    }
}
