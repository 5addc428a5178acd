package dev.morula.cli;

import dev.morula.cluster.Clusters;

/**
 * What clustering gave: the JSON of {@code morula cluster}, kept beside the labels.
 *
 * @param edges the graph's file
 * @param clusteredNeurons neurons that belong to a cluster
 * @param sizes neurons in each cluster, descending; cluster numbers are places in this list
 * @param representatives the neuron that stands for each cluster
 * @param linkage the file of the tree that average linkage gives; null for other methods
 */
record ClusterSummary(
        String edges,
        String method,
        int minSize,
        int neurons,
        int clusters,
        int clusteredNeurons,
        int[] sizes,
        int[] representatives,
        String output,
        String linkage,
        double seconds) {

    static ClusterSummary of(
            Clusters clusters,
            String edges,
            String method,
            int minSize,
            String output,
            String linkage,
            double seconds) {
        return new ClusterSummary(
                edges,
                method,
                minSize,
                clusters.labels().length,
                clusters.count(),
                clusters.clusteredNeurons(),
                clusters.sizes(),
                clusters.representatives(),
                output,
                linkage,
                seconds);
    }
}
