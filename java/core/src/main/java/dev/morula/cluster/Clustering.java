package dev.morula.cluster;

import dev.morula.graph.CorrelationGraph;
import java.util.Locale;

/** A way to group the neurons of a correlation graph. */
public interface Clustering {
    /** Groups neurons; groups of fewer than {@code minSize} neurons dissolve. Deterministic. */
    Clusters cluster(CorrelationGraph graph, int minSize);

    /** The algorithm that the command line calls {@code name}; null if there is none of that name. */
    static Clustering named(String name) {
        return switch (name.toLowerCase(Locale.ROOT)) {
            case "cover" -> new CoverClustering();
            case "components" -> new ComponentClustering();
            case "average" -> new AverageLinkageClustering();
            default -> null;
        };
    }
}
