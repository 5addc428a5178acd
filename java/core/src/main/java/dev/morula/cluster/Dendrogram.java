package dev.morula.cluster;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * The tree of an agglomerative clustering of n neurons, as SciPy has it: neuron i is cluster i, and merge k, of n - 1,
 * makes cluster n + k of two others. Merges come by ascending height.
 *
 * @param left the cluster of the smaller number that merge k takes
 * @param right the other one
 * @param heights 1 less the mean absolute correlation of the pairs that merge k brings together
 * @param sizes neurons in cluster n + k
 */
public record Dendrogram(int[] left, int[] right, double[] heights, int[] sizes) {
    /** The height at which clusters meet that no edge connects: a correlation of 0. */
    public static final double UNRELATED = 1;

    public int neurons() {
        return heights.length + 1;
    }

    public int merges() {
        return heights.length;
    }

    /** For each neuron the smallest one that it is together with where merges above {@code height} are undone. */
    public int[] cut(double height) {
        int neurons = neurons();
        int[] smallest = IntStream.range(0, neurons + merges()).toArray();
        int[] parents = new int[neurons + merges()];
        Arrays.fill(parents, -1);
        for (int merge = 0; merge < merges() && heights[merge] <= height; merge++) {
            int cluster = neurons + merge;
            smallest[cluster] = Math.min(smallest[left[merge]], smallest[right[merge]]);
            parents[left[merge]] = cluster;
            parents[right[merge]] = cluster;
        }
        for (int cluster = parents.length - 1; cluster >= 0; cluster--) { // parents come after their children
            smallest[cluster] = parents[cluster] < 0 ? smallest[cluster] : smallest[parents[cluster]];
        }
        return Arrays.copyOf(smallest, neurons);
    }

    /** Merges as SciPy's linkage matrix, row by row: left, right, height, size. */
    public double[] linkage() {
        double[] rows = new double[4 * merges()];
        for (int merge = 0; merge < merges(); merge++) {
            rows[4 * merge] = left[merge];
            rows[4 * merge + 1] = right[merge];
            rows[4 * merge + 2] = heights[merge];
            rows[4 * merge + 3] = sizes[merge];
        }
        return rows;
    }
}
