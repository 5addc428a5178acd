package dev.morula.cli;

import dev.morula.MorulaException;
import dev.morula.cluster.AverageLinkageClustering;
import dev.morula.cluster.Clustering;
import dev.morula.cluster.Clusters;
import dev.morula.cluster.Dendrogram;
import dev.morula.data.NpyWriter;
import dev.morula.graph.CorrelationGraph;
import dev.morula.kernel.ElementType;
import java.nio.file.Path;
import java.util.Objects;

/** Clusters the neurons of a graph and writes their labels. */
final class ClusterStage {
    private static final String LINKAGE = "linkage.npy";

    private final String method;
    private final Clustering clustering;
    private final int minSize;

    /** {@code cut} is for average linkage alone; null to cut at the least edge. */
    ClusterStage(String method, Double cut, int minSize) {
        this.clustering = clustering(method, cut);
        if (minSize < 1) {
            throw MorulaException.usage("--min-size %d: at least 1 is needed", minSize);
        }
        this.method = method;
        this.minSize = minSize;
    }

    static Clustering clustering(String method, Double cut) {
        Clustering named = Clustering.named(method);
        if (named == null) {
            throw MorulaException.usage("there is no clustering \"%s\": give cover, components or average", method);
        } else if (cut != null && !(named instanceof AverageLinkageClustering)) {
            throw MorulaException.usage("--cut %s: it is for --method average, not %s", cut, method);
        }
        return cut == null ? named : new AverageLinkageClustering(cut);
    }

    /** Where the tree goes, beside the labels; null where there is none. */
    Path linkageOf(Path out) {
        return clustering instanceof AverageLinkageClustering ? out.resolveSibling(LINKAGE) : null;
    }

    /** The clusters and what is said of them. */
    record Clustered(Clusters clusters, ClusterSummary summary) {}

    /** Writes labels (int32, -1 for none) to {@code out}, and a summary and the tree, where there is one, beside them. */
    Clustered run(CorrelationGraph graph, Path edges, Path out) {
        Stopwatch stopwatch = new Stopwatch();
        Clusters clusters = stopwatch.time("cluster", () -> cluster(graph, out));
        try (NpyWriter writer = NpyWriter.create(out, ElementType.I32, clusters.labels().length)) {
            writer.append(clusters.labels());
            writer.commit();
        }
        ClusterSummary summary = ClusterSummary.of(
                clusters,
                edges.toString(),
                method,
                minSize,
                out.toString(),
                Objects.toString(linkageOf(out), null),
                stopwatch.seconds().get("cluster"));
        Json.write(RunFolder.summaryOf(out), summary);
        return new Clustered(clusters, summary);
    }

    private Clusters cluster(CorrelationGraph graph, Path out) {
        if (!(clustering instanceof AverageLinkageClustering average)) {
            return clustering.cluster(graph, minSize);
        }
        Dendrogram dendrogram = AverageLinkageClustering.dendrogram(graph);
        try (NpyWriter writer = NpyWriter.create(linkageOf(out), ElementType.F64, dendrogram.merges(), 4)) {
            writer.append(dendrogram.linkage());
            writer.commit();
        }
        return average.cluster(graph, dendrogram, minSize);
    }
}
