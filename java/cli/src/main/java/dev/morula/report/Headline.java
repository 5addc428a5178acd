package dev.morula.report;

import java.util.Arrays;

/**
 * The numbers that answer "how much of this layer is there twice?". A part is null where its stage did not run.
 *
 * @param layer what was compared
 * @param graph which pairs were kept
 * @param clusters how neurons were grouped
 * @param errors how good the network is
 */
public record Headline(Layer layer, Graph graph, Clusters clusters, Errors errors) {
    /** No stage ran. */
    public static final Headline NONE = new Headline(null, null, null, null);

    /**
     * The layer that was analysed.
     *
     * @param neurons W, all neurons of the layer
     * @param samples N, activations a neuron
     * @param constant neurons with one value on every sample, never-active ones among them
     * @param neverActive neurons that are exactly 0 on every sample
     */
    public record Layer(long neurons, long samples, long constant, long neverActive) {}

    /**
     * The graph of correlated pairs.
     *
     * @param threshold the least correlation of an edge
     * @param edges pairs {i, j}, each counted once
     */
    public record Graph(double threshold, long edges) {}

    /**
     * The clusters of at least two neurons.
     *
     * @param method as on the command line: "cover", "components"
     * @param sizes neurons in each cluster, kept here in descending order
     */
    public record Clusters(String method, int[] sizes) {
        public Clusters {
            sizes = sizes.clone();
            Arrays.sort(sizes);
            for (int low = 0, high = sizes.length - 1; low < high; low++, high--) {
                int size = sizes[low];
                sizes[low] = sizes[high];
                sizes[high] = size;
            }
        }

        public int count() {
            return sizes.length;
        }

        /** Neurons in the largest cluster, 0 without clusters. */
        public int largest() {
            return sizes.length == 0 ? 0 : sizes[0];
        }

        /** The size that half of the clusters do not exceed, 0 without clusters. */
        public int median() {
            return sizes.length == 0 ? 0 : sizes[sizes.length / 2];
        }

        /** Neurons that are in a cluster. */
        public long neurons() {
            return Arrays.stream(sizes).asLongStream().sum();
        }

        /** Neurons in a cluster that are not its representative. */
        public long copies() {
            return neurons() - count();
        }
    }

    /**
     * Fractions of samples that the network gets wrong, 0 to 1, NaN where unknown.
     *
     * @param train on the samples it was trained on
     * @param test on samples it has not seen
     */
    public record Errors(double train, double test) {}
}
