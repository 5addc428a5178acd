package dev.morula.cluster;

import dev.morula.graph.CorrelationGraph;
import java.util.stream.IntStream;

/**
 * Connected components, by union-find with path halving (Tarjan and van Leeuwen 1984). Two members need not be correlated
 * themselves, only through a chain of others: on trained layers such chains run through most neurons and give one giant
 * component, so use {@link CoverClustering} unless chaining is what you are after. The representative is the member of
 * highest degree, ties by index.
 */
public final class ComponentClustering implements Clustering {
    @Override
    public Clusters cluster(CorrelationGraph graph, int minSize) {
        int[] parent = IntStream.range(0, graph.neurons()).toArray();
        int[] neighbours = new int[graph.longestRow()];
        for (int neuron = 0; neuron < parent.length; neuron++) {
            int degree = graph.readIndices(neuron, neighbours);
            for (int k = 0; k < degree && neighbours[k] < neuron; k++) { // each edge once: rows are sorted
                unite(parent, neuron, neighbours[k]);
            }
        }
        return Clusters.ofLeaders(leaders(parent, graph), minSize);
    }

    private static void unite(int[] parent, int a, int b) {
        int rootA = root(parent, a);
        int rootB = root(parent, b);
        parent[Math.max(rootA, rootB)] = Math.min(rootA, rootB);
    }

    private static int root(int[] parent, int neuron) {
        int at = neuron;
        while (parent[at] != at) {
            parent[at] = parent[parent[at]];
            at = parent[at];
        }
        return at;
    }

    private static int[] leaders(int[] parent, CorrelationGraph graph) {
        int[] best = IntStream.range(0, parent.length).toArray();
        for (int neuron = 0; neuron < parent.length; neuron++) {
            int root = root(parent, neuron);
            if (graph.rowLength(neuron) > graph.rowLength(best[root])) {
                best[root] = neuron;
            }
        }
        return IntStream.range(0, parent.length)
                .map(neuron -> best[root(parent, neuron)])
                .toArray();
    }
}
