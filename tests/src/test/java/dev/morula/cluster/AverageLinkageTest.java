package dev.morula.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.morula.MorulaException;
import dev.morula.data.Npy;
import dev.morula.graph.CorrelationGraph;
import dev.morula.graph.GraphFile;
import dev.morula.kernel.ElementType;
import dev.morula.kernel.Kernels;
import dev.morula.kernel.Matrix;
import dev.morula.kernel.Workers;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Average linkage of sparse graphs against SciPy's of the filled-in matrix, and against the definition. */
class AverageLinkageTest {
    private static final float[] TIES = {0.5f, 0.75f, 1};

    private static Path golden(String name) {
        try {
            return Path.of(AverageLinkageTest.class.getResource(name).toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static CorrelationGraph goldenGraph() {
        try (Kernels kernels = Kernels.cpu();
                Workers workers = new Workers(1)) {
            return GraphFile.read(golden("graph.npz"), kernels, workers, Long.MAX_VALUE);
        }
    }

    @Test
    void theTreeIsThatOfSciPy() {
        try (CorrelationGraph graph = goldenGraph();
                Matrix stored = Npy.open(golden("linkage.npy")).map()) {
            double[] expected = new double[Math.toIntExact(stored.rows() * stored.columns())];
            stored.read(0, expected, 0, expected.length);
            double[] linkage = AverageLinkageClustering.dendrogram(graph).linkage();
            assertThat(linkage).hasSameSizeAs(expected);
            for (int at = 0; at < linkage.length; at += 4) {
                assertThat(linkage[at + 2]).isCloseTo(expected[at + 2], within(1e-12));
                if (linkage[at + 2] < Dendrogram.UNRELATED) { // the order of those that nothing relates is open
                    for (int field : new int[] {0, 1, 3}) {
                        assertThat(linkage[at + field]).isEqualTo(expected[at + field]);
                    }
                }
            }
            assertThat(linkage[linkage.length - 1]).isEqualTo(graph.neurons());
        }
    }

    @Test
    void aCutGivesTheClustersOfSciPy() {
        try (CorrelationGraph graph = goldenGraph();
                Matrix stored = Npy.open(golden("labels.npy")).map()) {
            int[] expected = new int[graph.neurons()];
            stored.read(0, expected, 0, expected.length);
            int[] labels = new AverageLinkageClustering(0.7).cluster(graph, 1).labels();
            for (int a = 0; a < labels.length; a++) {
                for (int b = 0; b < labels.length; b++) {
                    assertThat(labels[a] == labels[b]).isEqualTo(expected[a] == expected[b]);
                }
            }
        }
    }

    /** Three neurons that all have edges, a chain that hangs on them, and a loner. */
    private static CorrelationGraph triangleAndChain() {
        float[][] correlations = new float[6][6];
        set(correlations, 0, 1, 0.9f);
        set(correlations, 0, 2, 0.9f);
        set(correlations, 1, 2, 0.95f);
        set(correlations, 2, 3, 0.9f);
        set(correlations, 3, 4, 0.8f);
        return graph(correlations);
    }

    private static void set(float[][] matrix, int a, int b, float value) {
        matrix[a][b] = value;
        matrix[b][a] = value;
    }

    @Test
    void chainsMakeNoClusterAndTheLeastEdgeIsTheCut() {
        try (CorrelationGraph graph = triangleAndChain()) {
            Clusters clusters = Clustering.named("average").cluster(graph, 2);
            assertThat(clusters.labels()).containsExactly(0, 0, 0, 1, 1, -1);
            assertThat(clusters.representatives()).containsExactly(1, 3); // the largest sums: 1 and 2 tie
            assertThat(new AverageLinkageClustering(0.85).cluster(graph, 2).labels())
                    .containsExactly(0, 0, 0, -1, -1, -1);
            Dendrogram tree = AverageLinkageClustering.dendrogram(graph);
            assertThat(tree.left()).containsExactly(1, 0, 3, 7, 5);
            assertThat(tree.right()).containsExactly(2, 6, 4, 8, 9);
            assertThat(tree.sizes()).containsExactly(2, 3, 2, 5, 6);
            assertThat(tree.heights()[3]).isCloseTo(1 - 0.9 / 6, within(1e-7));
            assertThat(tree.heights()[4]).isEqualTo(Dendrogram.UNRELATED);
        }
    }

    @Test
    void aGraphWithoutEdgesHasNoClusters() {
        try (CorrelationGraph graph = graph(new float[3][3])) {
            assertThat(new AverageLinkageClustering().cluster(graph, 2).count()).isZero();
            assertThat(new AverageLinkageClustering().cluster(graph, 1).sizes()).containsExactly(1, 1, 1);
            assertThat(AverageLinkageClustering.dendrogram(graph).heights()).containsExactly(1, 1);
        }
        try (CorrelationGraph graph = graph(new float[1][1])) {
            assertThat(new AverageLinkageClustering().cluster(graph, 1).sizes()).containsExactly(1);
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, -0.5, 1.5, Double.NaN})
    void aCutIsACorrelation(double cut) {
        assertThatThrownBy(() -> new AverageLinkageClustering(cut))
                .isInstanceOf(MorulaException.class)
                .hasMessageContaining("must be above 0 and at most 1");
    }

    @Property(tries = 60)
    void distinctCorrelationsGiveTheTreeOfTheDefinition(
            @ForAll @IntRange(min = 2, max = 25) int neurons,
            @ForAll @DoubleRange(min = 0, max = 1) double density,
            @ForAll long seed) {
        Random random = new Random(seed);
        float[][] correlations = random(neurons, density, random, () -> random.nextFloat(0.3f, 1));
        try (CorrelationGraph graph = graph(correlations)) {
            Dendrogram tree = AverageLinkageClustering.dendrogram(graph);
            double[][] expected = naive(correlations);
            for (int merge = 0; merge < neurons - 1; merge++) {
                assertThat(tree.heights()[merge]).isCloseTo(expected[merge][2], within(1e-12));
                if (tree.heights()[merge] < Dendrogram.UNRELATED) {
                    assertThat(new double[] {tree.left()[merge], tree.right()[merge], tree.sizes()[merge]})
                            .containsExactly(expected[merge][0], expected[merge][1], expected[merge][3]);
                }
            }
        }
    }

    @Property(tries = 60)
    void amongTiesEveryMergeIsStillTheBestThereIs(
            @ForAll @IntRange(min = 2, max = 25) int neurons,
            @ForAll @DoubleRange(min = 0, max = 1) double density,
            @ForAll long seed) {
        Random random = new Random(seed);
        float[][] correlations = random(neurons, density, random, () -> TIES[random.nextInt(TIES.length)]);
        try (CorrelationGraph graph = graph(correlations)) {
            Dendrogram tree = AverageLinkageClustering.dendrogram(graph);
            List<List<Integer>> clusters = singles(neurons);
            for (int merge = 0; merge < neurons - 1; merge++) {
                double best = 0;
                for (List<Integer> one : clusters) {
                    for (List<Integer> other : clusters) {
                        best = one == null || other == null || one == other
                                ? best
                                : Math.max(best, mean(correlations, one, other));
                    }
                }
                List<Integer> left = clusters.get(tree.left()[merge]);
                List<Integer> right = clusters.get(tree.right()[merge]);
                assertThat(mean(correlations, left, right)).isCloseTo(best, within(1e-12));
                assertThat(tree.heights()[merge]).isCloseTo(1 - best, within(1e-12));
                join(clusters, tree.left()[merge], tree.right()[merge]);
            }
        }
    }

    private static float[][] random(int neurons, double density, Random random, Supplier<Float> correlation) {
        float[][] correlations = new float[neurons][neurons];
        for (int i = 0; i < neurons; i++) {
            for (int j = i + 1; j < neurons; j++) {
                if (random.nextDouble() < density) {
                    set(correlations, i, j, (random.nextBoolean() ? 1 : -1) * correlation.get());
                }
            }
        }
        return correlations;
    }

    /** SciPy's linkage by the definition: of all pairs of clusters the one with the largest mean, again and again. */
    private static double[][] naive(float[][] correlations) {
        List<List<Integer>> clusters = singles(correlations.length);
        double[][] merges = new double[correlations.length - 1][];
        for (int merge = 0; merge < merges.length; merge++) {
            double best = -1;
            int[] pair = null;
            for (int a = 0; a < clusters.size(); a++) {
                for (int b = a + 1; b < clusters.size(); b++) {
                    if (clusters.get(a) != null && clusters.get(b) != null) {
                        double mean = mean(correlations, clusters.get(a), clusters.get(b));
                        pair = mean > best ? new int[] {a, b} : pair;
                        best = Math.max(best, mean);
                    }
                }
            }
            join(clusters, pair[0], pair[1]);
            merges[merge] = new double[] {
                pair[0], pair[1], 1 - best, clusters.get(clusters.size() - 1).size()
            };
        }
        return merges;
    }

    private static List<List<Integer>> singles(int neurons) {
        List<List<Integer>> clusters = new ArrayList<>();
        for (int i = 0; i < neurons; i++) {
            clusters.add(List.of(i));
        }
        return clusters;
    }

    private static void join(List<List<Integer>> clusters, int a, int b) {
        List<Integer> both = new ArrayList<>(clusters.get(a));
        both.addAll(clusters.get(b));
        clusters.set(a, null);
        clusters.set(b, null);
        clusters.add(both);
    }

    private static double mean(float[][] correlations, List<Integer> one, List<Integer> other) {
        double sum = 0;
        for (int i : one) {
            for (int j : other) {
                sum += Math.abs(correlations[i][j]);
            }
        }
        return sum / ((double) one.size() * other.size());
    }

    private static CorrelationGraph graph(float[][] correlations) {
        int neurons = correlations.length;
        long[] start = new long[neurons + 1];
        List<Integer> indices = new ArrayList<>();
        List<Float> values = new ArrayList<>();
        for (int i = 0; i < neurons; i++) {
            for (int j = 0; j < neurons; j++) {
                if (correlations[i][j] != 0) {
                    indices.add(j);
                    values.add(correlations[i][j]);
                }
            }
            start[i + 1] = indices.size();
        }
        if (indices.isEmpty()) {
            return new CorrelationGraph(start, null, null);
        }
        Matrix columns = Matrix.allocate(ElementType.I32, 1, indices.size());
        columns.write(0, indices.stream().mapToInt(i -> i).toArray(), 0, indices.size());
        Matrix stored = Matrix.allocate(ElementType.F32, 1, values.size());
        float[] each = new float[values.size()];
        for (int k = 0; k < each.length; k++) {
            each[k] = values.get(k);
        }
        stored.write(0, each, 0, each.length);
        return new CorrelationGraph(start, columns, stored);
    }
}
