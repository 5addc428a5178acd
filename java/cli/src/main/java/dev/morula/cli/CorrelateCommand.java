package dev.morula.cli;

import dev.morula.activations.Layout;
import dev.morula.cluster.NeuronTable;
import dev.morula.data.TensorPath;
import dev.morula.graph.Triangle;
import dev.morula.kernel.Metric;
import dev.morula.kernel.Sign;
import dev.morula.report.TextSummary;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Correlates the neurons of a layer. */
@Command(
        name = "correlate",
        description = "Finds all pairs of neurons whose correlation reaches the threshold, exactly, and writes them as "
                + "a SciPy sparse matrix (.npz), with a summary of the same name (.json).")
final class CorrelateCommand implements Callable<Integer> {
    @Mixin
    private EngineOptions engineOptions;

    @Mixin
    private Output output;

    @Parameters(
            arity = "1..*",
            paramLabel = "PATH[:TENSOR]",
            description = "activations: .npy or .safetensors; several files are shards, concatenated along samples")
    private List<String> input;

    @Option(
            names = "--threshold",
            required = true,
            paramLabel = "R",
            description = "least correlation of an edge, -1 to 1")
    private double threshold;

    @Option(names = "--out", required = true, paramLabel = "FILE", description = ".npz to write")
    private Path out;

    @Option(names = "--metric", paramLabel = "NAME", description = "pearson (default) or cosine")
    private Metric metric = Metric.PEARSON;

    @Option(names = "--abs", description = "compare the absolute value of the correlation")
    private boolean absolute;

    @Option(
            names = "--layout",
            paramLabel = "NAME",
            description = "what the rows of the input are: samples-first (default) or neurons-first",
            converter = LayoutName.class)
    private Layout layout = Layout.SAMPLES_FIRST;

    @Option(names = "--drop-nonfinite", description = "leave out neurons that are NaN or infinite on some sample")
    private boolean dropNonFinite;

    @Option(
            names = "--triangle",
            paramLabel = "NAME",
            description = "full (default): every edge in both its rows; upper: once")
    private Triangle triangle = Triangle.FULL;

    @Option(
            names = "--max-edges",
            paramLabel = "N",
            description = "stop with exit code 4 beyond so many (default: what memory allows)")
    private long mostEdges = Long.MAX_VALUE;

    @Option(names = "--neurons", paramLabel = "FILE", description = "also write a table of all neurons (.csv)")
    private Path neurons;

    @Override
    public Integer call() {
        CorrelationSummary summary;
        CorrelateStage.Request request = new CorrelateStage.Request(
                input,
                layout,
                metric,
                absolute ? Sign.ABSOLUTE : Sign.SIGNED,
                threshold,
                mostEdges,
                dropNonFinite ? CorrelateStage.NonFinite.DROP : CorrelateStage.NonFinite.REFUSE,
                triangle,
                out);
        Outputs.require(inputFiles(), outputFiles());
        try (ProgressDisplay progress = output.progress();
                Engine engine = engineOptions.open(progress);
                CorrelateStage.Correlated found = new CorrelateStage(engine, request).run()) {
            if (neurons != null) {
                NeuronTable.write(neurons, found.layer(), found.graph(), null);
            }
            summary = found.summary();
        }
        ReportStage.Parts parts = new ReportStage.Parts(null, summary, null, null, null, null);
        output.print(summary, TextSummary.of(ReportStage.headline(parts), summary.seconds()) + "\nGraph: " + out);
        return 0;
    }

    private List<Path> inputFiles() {
        return input.stream().map(path -> TensorPath.parse(path).file()).toList();
    }

    private List<Path> outputFiles() {
        List<Path> files = new ArrayList<>(List.of(out, RunFolder.summaryOf(out)));
        if (neurons != null) {
            files.add(neurons);
        }
        return files;
    }
}
