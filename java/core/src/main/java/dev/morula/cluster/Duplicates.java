package dev.morula.cluster;

import dev.morula.graph.CorrelationGraph;
import java.util.Arrays;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/**
 * Which neurons of a layer, or rows of a dictionary, to keep, and which of these stands for each of the others. By the
 * edges of the graph alone:
 *
 * <ul>
 *   <li>every removed neuron has an edge with its representative, itself and not through others;
 *   <li>no two kept neurons have an edge.
 * </ul>
 *
 * <p>So the kept neurons are a maximal independent set and a dominating set at once: the leaders of {@link
 * CoverClustering}, which takes them by descending degree, ties by index. A neuron joins the first leader that it has an
 * edge with and not the strongest: the edges are the same on every processor, the last bits of the correlations are not.
 */
public final class Duplicates {
    private final CorrelationGraph graph;
    private final Clusters clusters;

    private Duplicates(CorrelationGraph graph, Clusters clusters) {
        this.graph = graph;
        this.clusters = clusters;
    }

    /** Chooses among the neurons of {@code graph}, which must stay open as long as groups are asked for. */
    public static Duplicates of(CorrelationGraph graph) {
        return new Duplicates(graph, new CoverClustering().cluster(graph, 2));
    }

    /**
     * A kept neuron and the ones that it stands for.
     *
     * @param members removed neurons, ascending
     * @param correlations of each of them with the representative
     */
    public record Group(int representative, int[] members, float[] correlations) {}

    /** Kept neurons, ascending: the representatives and all that stand for themselves alone. */
    public long[] kept() {
        return IntStream.range(0, graph.neurons())
                .filter(this::isKept)
                .mapToLong(neuron -> neuron)
                .toArray();
    }

    private boolean isKept(int neuron) {
        int cluster = clusters.labels()[neuron];
        return cluster < 0 || clusters.representatives()[cluster] == neuron;
    }

    /** Whether {@code neuron} is kept and stands for no other. */
    public boolean isAlone(int neuron) {
        return clusters.labels()[neuron] < 0;
    }

    /** Neurons that are not kept. */
    public int removed() {
        return clusters.clusteredNeurons() - clusters.count();
    }

    /** Kept neurons that stand for others. */
    public int groups() {
        return clusters.count();
    }

    /** Neurons of the largest group, its representative among them; 0 if there is none. */
    public int largestGroup() {
        return clusters.count() == 0 ? 0 : clusters.sizes()[0];
    }

    /** Hands every group to {@code consumer}, one at a time: the largest first, ties by representative. */
    public void forEachGroup(Consumer<Group> consumer) {
        int[] order = clusters.order();
        int[] neighbours = new int[graph.longestRow()];
        float[] values = new float[neighbours.length];
        int first = 0;
        for (int cluster = 0; cluster < clusters.count(); cluster++) {
            int end = first + clusters.sizes()[cluster];
            int representative = order[first];
            int degree = graph.readIndices(representative, neighbours);
            graph.readValues(representative, values);
            int[] members = Arrays.copyOfRange(order, first + 1, end);
            float[] correlations = new float[members.length];
            for (int k = 0; k < members.length; k++) {
                correlations[k] = values[Arrays.binarySearch(neighbours, 0, degree, members[k])];
            }
            consumer.accept(new Group(representative, members, correlations));
            first = end;
        }
    }
}
