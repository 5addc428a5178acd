package dev.morula.cluster;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * Disjoint groups of neurons, numbered from the largest to the smallest, ties by representative.
 *
 * @param labels the cluster of each neuron, or -1
 * @param representatives the neuron that stands for each cluster
 * @param sizes neurons in each cluster, the representative included; descending
 */
public record Clusters(int[] labels, int[] representatives, int[] sizes) {

    /**
     * Numbers groups that are given by the representative of each neuron ({@code leaders[i] == i} for one that leads, -1
     * for a neuron in no group), leaving out those of fewer than {@code minSize} neurons.
     */
    static Clusters ofLeaders(int[] leaders, int minSize) {
        int[] size = new int[leaders.length];
        for (int leader : leaders) {
            if (leader >= 0) {
                size[leader]++;
            }
        }
        int[] representatives = IntStream.range(0, leaders.length)
                .filter(neuron -> size[neuron] >= Math.max(minSize, 1))
                .boxed()
                .sorted(Comparator.<Integer>comparingInt(neuron -> -size[neuron])
                        .thenComparingInt(neuron -> neuron))
                .mapToInt(Integer::intValue)
                .toArray();
        int[] number = new int[leaders.length];
        Arrays.fill(number, -1);
        for (int cluster = 0; cluster < representatives.length; cluster++) {
            number[representatives[cluster]] = cluster;
        }
        int[] labels = Arrays.stream(leaders)
                .map(leader -> leader < 0 ? -1 : number[leader])
                .toArray();
        int[] sizes = Arrays.stream(representatives).map(neuron -> size[neuron]).toArray();
        return new Clusters(labels, representatives, sizes);
    }

    public int count() {
        return sizes.length;
    }

    /** Neurons that belong to a cluster. */
    public int clusteredNeurons() {
        return Arrays.stream(sizes).sum();
    }

    /** The neurons of {@code cluster}, ascending. */
    public int[] members(int cluster) {
        return IntStream.range(0, labels.length)
                .filter(neuron -> labels[neuron] == cluster)
                .toArray();
    }

    /**
     * All neurons, cluster after cluster, those of no cluster last; in a cluster its representative first, then ascending.
     */
    public int[] order() {
        return IntStream.range(0, labels.length)
                .boxed()
                .sorted(Comparator.<Integer>comparingInt(
                                neuron -> labels[neuron] < 0 ? Integer.MAX_VALUE : labels[neuron])
                        .thenComparing(neuron -> labels[neuron] < 0 || representatives[labels[neuron]] != neuron)
                        .thenComparingInt(neuron -> neuron))
                .mapToInt(Integer::intValue)
                .toArray();
    }
}
