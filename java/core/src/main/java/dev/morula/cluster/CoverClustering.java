package dev.morula.cluster;

import dev.morula.graph.CorrelationGraph;
import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * Greedy cover: the unassigned neuron of highest degree leads, ties by index, and its unassigned neighbours join. So every
 * member's correlation with its representative reaches the threshold, which is what "carries the same signal" means.
 *
 * <p>This is the greedy algorithm for a dominating set, on the degrees of the whole graph.
 */
public final class CoverClustering implements Clustering {
    @Override
    public Clusters cluster(CorrelationGraph graph, int minSize) {
        int[] leaders = new int[graph.neurons()];
        Arrays.fill(leaders, -1);
        int[] neighbours = new int[graph.longestRow()];
        for (int leader : byDegree(graph)) {
            if (leaders[leader] < 0) {
                leaders[leader] = leader;
                int degree = graph.readIndices(leader, neighbours);
                for (int k = 0; k < degree; k++) {
                    if (leaders[neighbours[k]] < 0) {
                        leaders[neighbours[k]] = leader;
                    }
                }
            }
        }
        return Clusters.ofLeaders(leaders, minSize);
    }

    private static int[] byDegree(CorrelationGraph graph) {
        return IntStream.range(0, graph.neurons())
                .boxed()
                .sorted(Comparator.<Integer>comparingInt(neuron -> -graph.rowLength(neuron))
                        .thenComparingInt(neuron -> neuron))
                .mapToInt(Integer::intValue)
                .toArray();
    }
}
