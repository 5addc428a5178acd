package dev.morula.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.morula.graph.CorrelationGraph;
import dev.morula.kernel.ElementType;
import dev.morula.kernel.Matrix;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class ClusteringTest {
    // A star around 4, a chain 0-1-2-3 that touches it, and the loner 7.
    private static final int[][] STAR_AND_CHAIN = {{0, 1}, {1, 2}, {2, 3}, {3, 4}, {4, 5}, {4, 6}};

    @Test
    void coverTakesTheNeuronOfHighestDegreeAndItsNeighbours() {
        try (CorrelationGraph graph = graph(8, STAR_AND_CHAIN)) {
            Clusters clusters = new CoverClustering().cluster(graph, 2);
            assertThat(clusters.representatives()).containsExactly(4, 1);
            assertThat(clusters.sizes()).containsExactly(4, 3);
            assertThat(clusters.labels()).containsExactly(1, 1, 1, 0, 0, 0, 0, -1);
            assertThat(clusters.order()).containsExactly(4, 3, 5, 6, 1, 0, 2, 7);
        }
    }

    @Test
    void componentsChain() {
        try (CorrelationGraph graph = graph(8, STAR_AND_CHAIN)) {
            Clusters clusters = new ComponentClustering().cluster(graph, 2);
            assertThat(clusters.representatives()).containsExactly(4);
            assertThat(clusters.labels()).containsExactly(0, 0, 0, 0, 0, 0, 0, -1);
        }
    }

    @Test
    void smallClustersDissolve() {
        try (CorrelationGraph graph = graph(8, STAR_AND_CHAIN)) {
            Clusters clusters = new CoverClustering().cluster(graph, 4);
            assertThat(clusters.count()).isEqualTo(1);
            assertThat(clusters.labels()).containsExactly(-1, -1, -1, 0, 0, 0, 0, -1);
            assertThat(clusters.clusteredNeurons()).isEqualTo(4);
        }
    }

    @Test
    void aGraphWithoutEdgesHasNoClusters() {
        try (CorrelationGraph graph = graph(3, new int[0][])) {
            assertThat(new CoverClustering().cluster(graph, 2).count()).isZero();
            assertThat(new ComponentClustering().cluster(graph, 2).labels()).containsExactly(-1, -1, -1);
        }
    }

    @Property(tries = 100)
    void everyMemberOfACoverIsANeighbourOfItsRepresentative(
            @ForAll @IntRange(min = 1, max = 60) int neurons,
            @ForAll @DoubleRange(min = 0, max = 0.3) double density,
            @ForAll long seed) {
        int[][] edges = randomEdges(neurons, density, seed);
        boolean[][] adjacent = new boolean[neurons][neurons];
        for (int[] edge : edges) {
            adjacent[edge[0]][edge[1]] = adjacent[edge[1]][edge[0]] = true;
        }
        try (CorrelationGraph graph = graph(neurons, edges)) {
            Clusters clusters = new CoverClustering().cluster(graph, 1);
            assertThat(clusters.clusteredNeurons()).isEqualTo(neurons);
            for (int neuron = 0; neuron < neurons; neuron++) {
                int representative = clusters.representatives()[clusters.labels()[neuron]];
                assertThat(neuron == representative || adjacent[neuron][representative])
                        .isTrue();
            }
            for (int a : clusters.representatives()) {
                for (int b : clusters.representatives()) {
                    assertThat(adjacent[a][b]).isFalse();
                }
            }
        }
    }

    @Property(tries = 100)
    void componentsAreThoseOfABreadthFirstSearch(
            @ForAll @IntRange(min = 1, max = 60) int neurons,
            @ForAll @DoubleRange(min = 0, max = 0.1) double density,
            @ForAll long seed) {
        int[][] edges = randomEdges(neurons, density, seed);
        int[] component = new int[neurons];
        Arrays.fill(component, -1);
        for (int start = 0; start < neurons; start++) {
            search(start, edges, component);
        }
        try (CorrelationGraph graph = graph(neurons, edges)) {
            int[] labels = new ComponentClustering().cluster(graph, 1).labels();
            for (int a = 0; a < neurons; a++) {
                for (int b = 0; b < neurons; b++) {
                    assertThat(labels[a] == labels[b]).isEqualTo(component[a] == component[b]);
                }
            }
        }
    }

    private static void search(int start, int[][] edges, int[] component) {
        Deque<Integer> open = new ArrayDeque<>(component[start] < 0 ? List.of(start) : List.of());
        while (!open.isEmpty()) {
            int at = open.pop();
            component[at] = start;
            for (int[] edge : edges) {
                for (int side = 0; side < 2; side++) {
                    if (edge[side] == at && component[edge[1 - side]] < 0) {
                        open.push(edge[1 - side]);
                    }
                }
            }
        }
    }

    private static int[][] randomEdges(int neurons, double density, long seed) {
        Random random = new Random(seed);
        List<int[]> edges = new ArrayList<>();
        for (int i = 0; i < neurons; i++) {
            for (int j = i + 1; j < neurons; j++) {
                if (random.nextDouble() < density) {
                    edges.add(new int[] {i, j});
                }
            }
        }
        return edges.toArray(int[][]::new);
    }

    private static CorrelationGraph graph(int neurons, int[][] edges) {
        List<TreeSet<Integer>> rows = new ArrayList<>();
        for (int i = 0; i < neurons; i++) {
            rows.add(new TreeSet<>());
        }
        for (int[] edge : edges) {
            rows.get(edge[0]).add(edge[1]);
            rows.get(edge[1]).add(edge[0]);
        }
        long[] start = new long[neurons + 1];
        for (int i = 0; i < neurons; i++) {
            start[i + 1] = start[i] + rows.get(i).size();
        }
        if (start[neurons] == 0) {
            return new CorrelationGraph(start, null, null);
        }
        Matrix indices = Matrix.allocate(ElementType.I32, 1, start[neurons]);
        Matrix values = Matrix.allocate(ElementType.F32, 1, start[neurons]);
        for (int i = 0; i < neurons; i++) {
            int[] row = rows.get(i).stream().mapToInt(Integer::intValue).toArray();
            indices.write(start[i], row, 0, row.length);
        }
        return new CorrelationGraph(start, indices, values);
    }
}
