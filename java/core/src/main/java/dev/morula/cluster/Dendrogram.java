package dev.morula.cluster;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
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
    private static final int COLUMNS = 4;

    /** The height at which clusters meet that no edge connects: a correlation of 0. */
    public static final double UNRELATED = 1;

    /** That whose {@link #linkage} {@code rows} are. */
    public static Dendrogram ofLinkage(double[] rows) {
        int merges = rows.length / COLUMNS;
        int[] left = new int[merges];
        int[] right = new int[merges];
        double[] heights = new double[merges];
        int[] sizes = new int[merges];
        for (int merge = 0; merge < merges; merge++) {
            left[merge] = (int) rows[COLUMNS * merge];
            right[merge] = (int) rows[COLUMNS * merge + 1];
            heights[merge] = rows[COLUMNS * merge + 2];
            sizes[merge] = (int) rows[COLUMNS * merge + 3];
        }
        return new Dendrogram(left, right, heights, sizes);
    }

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

    /** Whether {@code cluster} is a neuron. */
    public boolean isNeuron(int cluster) {
        return cluster < neurons();
    }

    /** The height at which {@code cluster} was made; 0 for a neuron. */
    public double height(int cluster) {
        return isNeuron(cluster) ? 0 : heights[cluster - neurons()];
    }

    /** Neurons in {@code cluster}. */
    public int size(int cluster) {
        return isNeuron(cluster) ? 1 : sizes[cluster - neurons()];
    }

    /** What {@code cluster}, not a neuron, was made of: the one of the smaller number. */
    public int left(int cluster) {
        return left[cluster - neurons()];
    }

    /** The other one. */
    public int right(int cluster) {
        return right[cluster - neurons()];
    }

    /** Clusters that edges made and that no edge connects to another, the largest first; of equal ones the earlier. */
    public List<Integer> roots() {
        boolean[] joined = new boolean[neurons() + merges()];
        for (int merge = 0; merge < merges(); merge++) {
            if (heights[merge] < UNRELATED) {
                joined[left[merge]] = true;
                joined[right[merge]] = true;
            }
        }
        return IntStream.range(neurons(), joined.length)
                .filter(cluster -> height(cluster) < UNRELATED && !joined[cluster])
                .boxed()
                .sorted(Comparator.comparingInt(cluster -> -size(cluster)))
                .toList();
    }

    /** Merges as SciPy's linkage matrix, row by row: left, right, height, size. */
    public double[] linkage() {
        double[] rows = new double[COLUMNS * merges()];
        for (int merge = 0; merge < merges(); merge++) {
            rows[COLUMNS * merge] = left[merge];
            rows[COLUMNS * merge + 1] = right[merge];
            rows[COLUMNS * merge + 2] = heights[merge];
            rows[COLUMNS * merge + 3] = sizes[merge];
        }
        return rows;
    }
}
