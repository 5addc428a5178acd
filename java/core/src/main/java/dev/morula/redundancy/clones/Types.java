package dev.morula.redundancy.clones;

import dev.morula.cluster.Clustering;
import dev.morula.cluster.Clusters;
import dev.morula.graph.CorrelationGraph;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Neurons that carry the same signal, by a clustering of the graph of their correlations. A neuron without partners is a
 * type of its own; one without a correlation, dead or constant, is of no type.
 *
 * @param members of each type, ascending; the largest type first, ties by representative
 * @param representatives the member that stands for each type
 */
public record Types(int[][] members, int[] representatives) {
    /**
     * Types of the neurons {@code correlated}, those that have a correlation at all: see {@link
     * dev.morula.standardise.StandardisedLayer#correlated}.
     */
    public static Types of(CorrelationGraph graph, int[] correlated, Clustering clustering) {
        Clusters clusters = clustering.cluster(graph, 1);
        boolean[] lives = new boolean[graph.neurons()];
        for (int neuron : correlated) {
            lives[neuron] = true;
        }
        int[] order = clusters.order();
        List<int[]> members = new ArrayList<>();
        List<Integer> representatives = new ArrayList<>();
        int first = 0;
        for (int cluster = 0; cluster < clusters.count(); cluster++) {
            int[] neurons = Arrays.copyOfRange(order, first, first + clusters.sizes()[cluster]);
            first += neurons.length;
            if (lives[neurons[0]]) { // the others have no edges, so each of them is alone
                representatives.add(neurons[0]);
                Arrays.sort(neurons);
                members.add(neurons);
            }
        }
        return new Types(
                members.toArray(int[][]::new),
                representatives.stream().mapToInt(Integer::intValue).toArray());
    }

    public int count() {
        return members.length;
    }

    /** Neurons of all types. */
    public int neurons() {
        return Arrays.stream(members).mapToInt(type -> type.length).sum();
    }

    /** Neurons in each type, descending. */
    public int[] sizes() {
        return Arrays.stream(members).mapToInt(type -> type.length).toArray();
    }

    /** Types of more than one neuron. */
    public int shared() {
        return (int) Arrays.stream(members).filter(type -> type.length > 1).count();
    }

    /**
     * The number of clones that the types speak for: their median size, the smaller of two. Then at least half of the types
     * have a neuron for every clone. It is 1, no clones, where most types are a single neuron, and 0 without types.
     */
    public int clones() {
        return count() == 0 ? 0 : members[count() / 2].length;
    }
}
