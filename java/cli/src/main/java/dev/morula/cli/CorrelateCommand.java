package dev.morula.cli;

import dev.morula.MorulaException;
import dev.morula.activations.Layout;
import dev.morula.correlate.PlanChoice;
import dev.morula.correlate.RowRange;
import dev.morula.data.TensorPath;
import dev.morula.graph.Journal;
import dev.morula.graph.Triangle;
import dev.morula.kernel.Metric;
import dev.morula.kernel.Sign;
import dev.morula.report.TextSummary;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
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
            paramLabel = "R",
            description = "least correlation of an edge, -1 to 1; needed unless --top-k is given")
    private Double threshold;

    @Option(
            names = "--top-k",
            paramLabel = "K",
            description =
                    "the K strongest partners of each neuron, a directed graph; with --threshold those that reach it")
    private Integer topK;

    @Option(names = "--out", paramLabel = "FILE", description = ".npz to write; needed unless --degrees is given")
    private Path out;

    @Option(names = "--metric", paramLabel = "NAME", description = "pearson (default), spearman or cosine")
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

    @Option(
            names = "--rows",
            paramLabel = "FIRST:END",
            converter = RowRangeOption.class,
            description = "only edges whose smaller neuron is in these rows, into a shard (.shard) for morula merge")
    private RowRange rows;

    @Option(
            names = "--against",
            paramLabel = "PATH[:TENSOR]",
            description =
                    "correlate with the neurons of another layer over the same samples, which are then the columns; "
                            + "repeated for its shards")
    private List<String> against = List.of();

    @Option(names = "--resume", description = "go on with the journal of a run that did not finish, if there is one")
    private boolean resume;

    @Mixin
    private QueryOptions queryOptions;

    @Option(
            names = "--plan",
            paramLabel = "NAME",
            description = "how pairs are looked at: auto (default), brute or screen; the edges are the same")
    private PlanChoice plan = PlanChoice.AUTO;

    @Option(names = "--dry-run", description = "say what the run would read, take and give, and stop")
    private boolean dryRun;

    @Override
    public Integer call() {
        Queries queries = queryOptions.queries();
        requireAgainstSense(queries);
        requireShardSense(queries);
        requireSense(queries);
        requireSenseOfTopK(queries);
        CorrelateStage.Request request = new CorrelateStage.Request(
                input,
                layout,
                metric,
                absolute ? Sign.ABSOLUTE : Sign.SIGNED,
                threshold == null ? -1 : threshold,
                mostEdges,
                dropNonFinite ? CorrelateStage.NonFinite.DROP : CorrelateStage.NonFinite.REFUSE,
                triangle,
                out,
                queries,
                plan,
                topK,
                division());
        Outputs.require(inputFiles(), outputFiles(request));
        if (dryRun) {
            return forecast(request);
        }
        return against.isEmpty() ? correlate(request) : callAgainst(request);
    }

    private int forecast(CorrelateStage.Request request) {
        try (ProgressDisplay progress = output.progress();
                Engine engine = engineOptions.open(progress)) {
            DryRunSummary summary = new CorrelateStage(engine, request).forecast();
            output.print(summary, summary.text());
            return 0;
        }
    }

    private int correlate(CorrelateStage.Request request) {
        CorrelationSummary summary;
        try (ProgressDisplay progress = output.progress();
                Engine engine = engineOptions.open(progress);
                CorrelateStage.Correlated found = new CorrelateStage(engine, request).run()) {
            summary = found.summary();
        }
        ReportStage.Parts parts = new ReportStage.Parts(null, summary, null, null, null, null);
        String files = outputFiles(request).stream().map(Path::toString).collect(Collectors.joining(", "));
        output.print(
                summary,
                TextSummary.of(ReportStage.headline(parts), summary.seconds()) + partners(summary) + "\nFiles: "
                        + files);
        return 0;
    }

    private static String partners(CorrelationSummary summary) {
        return summary.topK() == null
                ? ""
                : String.format("\n%,d partners, the %,d strongest of each neuron.", summary.edges(), summary.topK());
    }

    /** Fails if what was asked for needs all edges above a threshold, or another kind of graph. */
    private void requireSenseOfTopK(Queries queries) {
        if (topK == null && threshold == null) {
            throw MorulaException.usage("nothing says which pairs are edges: give --threshold R or --top-k K, or both");
        } else if (topK == null) {
            return;
        }
        Map<String, Boolean> useless = new LinkedHashMap<>();
        useless.put("--triangle upper: a partner need not be mutual", triangle == Triangle.UPPER);
        useless.put("--max-edges: no neuron has more than K partners", mostEdges != Long.MAX_VALUE);
        useless.put("--degrees: nearly all neurons have K partners", queries.degrees() != null);
        useless.put("--neurons: its table tells of the edges above a threshold", queries.neurons() != null);
        useless.put("--dry-run: foretells runs with a threshold alone", dryRun);
        useless.put("--rows: a neuron's strongest partners are among all others", rows != null);
        useless.put("--resume: such a run keeps no journal", resume);
        useless.put("--against: partners are looked for in one layer", !against.isEmpty());
        useless.forEach((why, given) -> {
            if (given) {
                throw MorulaException.usage("%s; leave it out with --top-k", why);
            }
        });
    }

    private int callAgainst(CorrelateStage.Request request) {
        AgainstSummary summary;
        try (ProgressDisplay progress = output.progress();
                Engine engine = engineOptions.open(progress)) {
            summary = new AgainstStage(engine, request, against).run();
        }
        output.print(
                summary,
                String.format(
                        "%,d pairs of %,d x %,d neurons have a correlation of at least %s%nFiles: %s, %s",
                        summary.edges(),
                        summary.neurons(),
                        summary.againstNeurons(),
                        threshold,
                        out,
                        RunFolder.summaryOf(out)));
        return 0;
    }

    /** Fails if something was asked for that two layers do not have. */
    private void requireAgainstSense(Queries queries) {
        if (!against.isEmpty()
                && (out == null
                        || rows != null
                        || resume
                        || dryRun
                        || triangle != Triangle.FULL
                        || !queries.files().isEmpty())) {
            throw MorulaException.usage(
                    "--against %s: writes the pairs of two layers to --out FILE.npz and nothing else; leave out --rows, "
                            + "--resume, --triangle, --degrees, --neurons, --histogram, --matrix and --dry-run",
                    String.join(", ", against));
        }
    }

    /** Fails if what was asked for needs a graph, which only --out makes. */
    private void requireSense(Queries queries) {
        if (out == null && resume) {
            throw MorulaException.usage("--resume: a run without --out keeps no journal; leave --resume out");
        } else if (out == null && queries.degrees() == null) {
            throw MorulaException.usage(
                    "no file is to hold the edges: give --out FILE.npz, or --degrees FILE.npy to " + "count them only");
        } else if (out == null && queries.neurons() != null) {
            throw MorulaException.usage(
                    "--neurons %s: lists each neuron's best partner; give --out too", queries.neurons());
        } else if (out == null && mostEdges != Long.MAX_VALUE) {
            throw MorulaException.usage("--max-edges %,d: without --out no edges are stored; leave it out", mostEdges);
        }
    }

    /** Fails if a shard is to be more than that. */
    private void requireShardSense(Queries queries) {
        if (rows == null) {
            return;
        } else if (out == null) {
            throw MorulaException.usage(
                    "--rows %s: writes a shard; give its name by --out, such as %s.shard", rows, rows);
        } else if (resume) {
            throw MorulaException.usage(
                    "--rows %s: is done in one piece and has nothing to resume; leave --resume out", rows);
        } else if (!queries.files().isEmpty() || triangle != Triangle.FULL) {
            throw MorulaException.usage(
                    "--rows %s: a shard holds edges alone; leave out --triangle, --degrees, --neurons, --histogram and "
                            + "--matrix, which are of all rows",
                    rows);
        }
    }

    private Division division() {
        PrintWriter err = output.err();
        return rows == null
                ? new Division.Journalled(
                        resume ? Journal.Resume.YES : Journal.Resume.NO, note -> err.println("morula: " + note))
                : new Division.Shard(rows);
    }

    private List<Path> inputFiles() {
        return Stream.concat(input.stream(), against.stream())
                .map(path -> TensorPath.parse(path).file())
                .toList();
    }

    private List<Path> outputFiles(CorrelateStage.Request request) {
        List<Path> files = new ArrayList<>(List.of(request.result(), RunFolder.summaryOf(request.result())));
        request.queries().files().stream()
                .filter(file -> file != request.result())
                .forEach(files::add);
        return files;
    }
}
