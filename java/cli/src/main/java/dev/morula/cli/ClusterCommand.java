package dev.morula.cli;

import dev.morula.graph.CorrelationGraph;
import dev.morula.graph.GraphFile;
import dev.morula.report.TextSummary;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Clusters the neurons of a graph. */
@Command(
        name = "cluster",
        description =
                "Groups the neurons of a correlation graph and writes their labels as a .npy (int32, -1 for none), "
                        + "with a summary of the same name (.json).")
final class ClusterCommand implements Callable<Integer> {
    @Mixin
    private EngineOptions engineOptions;

    @Mixin
    private Output output;

    @Parameters(paramLabel = "EDGES", description = ".npz that morula correlate or SciPy wrote")
    private Path edges;

    @Option(
            names = "--method",
            paramLabel = "NAME",
            description =
                    "cover (default): every member is correlated with its representative; components: chains count; "
                            + "average: average linkage, pairs without an edge counted as 0, whose tree goes to linkage.npy "
                            + "beside the labels, as SciPy has it")
    private String method = "cover";

    @Option(
            names = "--cut",
            paramLabel = "R",
            description = "average: least mean correlation at which clusters merge (default: the least edge's)")
    private Double cut;

    @Option(names = "--min-size", paramLabel = "N", description = "smaller clusters dissolve (default: 2)")
    private int minSize = 2;

    @Option(names = "--out", required = true, paramLabel = "FILE", description = ".npy to write")
    private Path out;

    @Override
    public Integer call() {
        ClusterStage stage = new ClusterStage(method, cut, minSize);
        Path linkage = stage.linkageOf(out);
        Outputs.require(
                List.of(edges, RunFolder.summaryOf(edges)),
                linkage == null
                        ? List.of(out, RunFolder.summaryOf(out))
                        : List.of(out, RunFolder.summaryOf(out), linkage));
        ClusterSummary summary;
        try (ProgressDisplay progress = output.progress();
                Engine engine = engineOptions.open(progress);
                CorrelationGraph graph =
                        GraphFile.read(edges, engine.kernels(), engine.workers(), engine.matrixBytes())) {
            summary = stage.run(graph, edges, out).summary();
        }
        ReportStage.Parts parts = new ReportStage.Parts(null, null, summary, null, null, null);
        output.print(
                summary,
                TextSummary.of(ReportStage.headline(parts), Map.of("cluster", summary.seconds())) + "\nLabels: " + out
                        + (linkage == null ? "" : "\nTree: " + linkage));
        return 0;
    }
}
