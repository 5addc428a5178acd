package dev.morula.cluster;

import dev.morula.MorulaException;
import dev.morula.graph.CorrelationGraph;
import java.util.Arrays;
import java.util.OptionalDouble;
import java.util.stream.IntStream;

/**
 * Average linkage: clusters merge as long as the mean absolute correlation of their pairs reaches a cut. A pair without an
 * edge counts as 0, so a cluster is one of neurons that nearly all have edges with each other: with edges from 0.8 on, a
 * cut at 0.8 and true correlations of 0.9, up to 11 % of the pairs may lack theirs. Chains do not make a cluster. The
 * representative is the member with the largest sum of correlations with the others, ties by index.
 */
public final class AverageLinkageClustering implements Clustering {
    private final OptionalDouble cut;

    /** Cuts at the least absolute correlation that is an edge of the graph: its threshold, as far as it shows. */
    public AverageLinkageClustering() {
        cut = OptionalDouble.empty();
    }

    /** Cuts at the correlation {@code cut}, above 0 and at most 1. */
    public AverageLinkageClustering(double cut) {
        if (!(cut > 0 && cut <= 1)) {
            throw MorulaException.usage("average linkage: the cut is %s: it must be above 0 and at most 1", cut);
        }
        this.cut = OptionalDouble.of(cut);
    }

    /** The whole tree, whatever the cut. */
    public static Dendrogram dendrogram(CorrelationGraph graph) {
        return AverageLinkage.of(graph);
    }

    @Override
    public Clusters cluster(CorrelationGraph graph, int minSize) {
        return cluster(graph, dendrogram(graph), minSize);
    }

    /** The same, with the tree of {@code graph}. */
    public Clusters cluster(CorrelationGraph graph, Dendrogram dendrogram, int minSize) {
        int[] groups = dendrogram.cut(1 - cut.orElseGet(() -> leastEdge(graph)));
        return Clusters.ofLeaders(leaders(groups, graph), minSize);
    }

    private static double leastEdge(CorrelationGraph graph) {
        float[] row = new float[graph.longestRow()];
        double least = 1;
        for (int neuron = 0; neuron < graph.neurons(); neuron++) {
            int degree = graph.readValues(neuron, row);
            for (int k = 0; k < degree; k++) {
                least = Math.min(least, Math.abs(row[k]));
            }
        }
        return least;
    }

    /** The member of each group with the largest sum of correlations in it. */
    private static int[] leaders(int[] groups, CorrelationGraph graph) {
        int[] best = new int[groups.length];
        double[] most = new double[groups.length];
        Arrays.fill(most, -1);
        int[] neighbours = new int[graph.longestRow()];
        float[] values = new float[neighbours.length];
        for (int neuron = 0; neuron < groups.length; neuron++) {
            int degree = graph.readIndices(neuron, neighbours);
            graph.readValues(neuron, values);
            double sum = 0;
            for (int k = 0; k < degree; k++) {
                sum += groups[neighbours[k]] == groups[neuron] ? Math.abs(values[k]) : 0;
            }
            if (sum > most[groups[neuron]]) {
                most[groups[neuron]] = sum;
                best[groups[neuron]] = neuron;
            }
        }
        return IntStream.of(groups).map(group -> best[group]).toArray();
    }
}
