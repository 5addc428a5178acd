package dev.morula.cli;

import dev.morula.MorulaException;
import dev.morula.cluster.Clustering;
import dev.morula.cluster.Clusters;
import dev.morula.data.NpyWriter;
import dev.morula.graph.CorrelationGraph;
import dev.morula.kernel.ElementType;
import java.nio.file.Path;

/** Clusters the neurons of a graph and writes their labels. */
final class ClusterStage {
    private final String method;
    private final int minSize;

    ClusterStage(String method, int minSize) {
        if (Clustering.named(method) == null) {
            throw MorulaException.usage("there is no clustering \"%s\": give cover or components", method);
        } else if (minSize < 1) {
            throw MorulaException.usage("--min-size %d: at least 1 is needed", minSize);
        }
        this.method = method;
        this.minSize = minSize;
    }

    /** The clusters and what is said of them. */
    record Clustered(Clusters clusters, ClusterSummary summary) {}

    /** Writes labels (int32, -1 for none) to {@code out} and a summary beside them. */
    Clustered run(CorrelationGraph graph, Path edges, Path out) {
        Stopwatch stopwatch = new Stopwatch();
        Clusters clusters =
                stopwatch.time("cluster", () -> Clustering.named(method).cluster(graph, minSize));
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
                stopwatch.seconds().get("cluster"));
        Json.write(RunFolder.summaryOf(out), summary);
        return new Clustered(clusters, summary);
    }
}
