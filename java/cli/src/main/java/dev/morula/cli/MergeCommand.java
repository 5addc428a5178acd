package dev.morula.cli;

import dev.morula.graph.Triangle;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Assembles a graph from shards. */
@Command(
        name = "merge",
        description =
                "Assembles shards, which morula correlate --rows wrote anywhere, into the graph that one run would "
                        + "have written (.npz), with a summary of the same name (.json). The shards of one layer and the same "
                        + "options are needed, every row in one of them.")
final class MergeCommand implements Callable<Integer> {
    @Mixin
    private EngineOptions engineOptions;

    @Mixin
    private Output output;

    @Parameters(arity = "1..*", paramLabel = "SHARD", description = "files of edges, in any order")
    private List<Path> shards;

    @Option(names = "--out", required = true, paramLabel = "FILE", description = ".npz to write")
    private Path out;

    @Option(
            names = "--triangle",
            paramLabel = "NAME",
            description = "full (default): every edge in both its rows; upper: once")
    private Triangle triangle = Triangle.FULL;

    @Override
    public Integer call() {
        Outputs.require(shards, List.of(out, RunFolder.summaryOf(out)));
        MergeSummary summary;
        try (ProgressDisplay progress = output.progress();
                Engine engine = engineOptions.open(progress)) {
            summary = new MergeStage(engine).run(shards, triangle, out);
        }
        output.print(
                summary,
                String.format(
                        "%,d edges of %,d neurons, assembled from %,d shards in %s s%nGraph: %s",
                        summary.edges(),
                        summary.neurons(),
                        shards.size(),
                        summary.seconds().get("merge"),
                        out));
        return 0;
    }
}
