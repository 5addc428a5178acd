package dev.morula.cluster;

import java.util.Comparator;
import java.util.stream.IntStream;

/** Brings merges in the order of their heights and numbers the clusters that they make. */
final class MergeOrder {
    private MergeOrder() {}

    /**
     * The dendrogram of merges of the clusters that hold neurons {@code first[k]} and {@code second[k]} at the given
     * correlations; of equal ones the earlier comes first.
     */
    static Dendrogram dendrogram(int[] first, int[] second, double[] correlations) {
        int merges = correlations.length;
        int neurons = merges + 1;
        int[] order = IntStream.range(0, merges)
                .boxed()
                .sorted(Comparator.comparingDouble((Integer merge) -> -correlations[merge]))
                .mapToInt(Integer::intValue)
                .toArray();
        int[] parents = IntStream.range(0, neurons + merges).toArray();
        int[] size = new int[neurons + merges];
        int[] left = new int[merges];
        int[] right = new int[merges];
        double[] heights = new double[merges];
        int[] sizes = new int[merges];
        for (int k = 0; k < merges; k++) {
            int one = root(parents, first[order[k]]);
            int other = root(parents, second[order[k]]);
            left[k] = Math.min(one, other);
            right[k] = Math.max(one, other);
            heights[k] = 1 - correlations[order[k]];
            sizes[k] = Math.max(1, size[one]) + Math.max(1, size[other]);
            size[neurons + k] = sizes[k];
            parents[one] = neurons + k;
            parents[other] = neurons + k;
        }
        return new Dendrogram(left, right, heights, sizes);
    }

    private static int root(int[] parents, int cluster) {
        int at = cluster;
        while (parents[at] != at) {
            parents[at] = parents[parents[at]];
            at = parents[at];
        }
        return at;
    }
}
