package dev.morula.cli;

import dev.morula.MorulaException;
import dev.morula.activations.Activations;
import dev.morula.activations.Layout;
import dev.morula.cluster.Clusters;
import dev.morula.data.Npy;
import dev.morula.data.TensorPath;
import dev.morula.graph.CorrelationGraph;
import dev.morula.graph.GraphFile;
import dev.morula.kernel.Matrix;
import dev.morula.kernel.MatrixAllocator;
import dev.morula.kernel.Metric;
import dev.morula.report.ReportWriter;
import dev.morula.report.RunReport;
import dev.morula.standardise.StandardisedLayer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Writes the report of a run. */
@Command(
        name = "report",
        description =
                "Writes report.html into a folder from what is there: for a run run.json (train), edges.npz and its "
                        + "summary (correlate), labels.npy and its summary (cluster), and the layer that was correlated; for an "
                        + "analysis analysis.json (analyze), for a sweep sweep.json (sweep), each with figures/*.csv.")
final class ReportCommand implements Callable<Integer> {
    @Mixin
    private EngineOptions engineOptions;

    @Mixin
    private Output output;

    @Parameters(paramLabel = "FOLDER", description = "folder of a run, of an analysis or of a sweep")
    private Path run;

    @Override
    public Integer call() {
        RunFolder folder = RunFolder.open(run);
        List<Path> pages = AnalysisPages.write(folder.path());
        if (pages.isEmpty() || isRun(folder)) {
            pages.add(0, writeRun(folder));
        }
        String names = pages.stream().map(Path::toString).collect(Collectors.joining(", "));
        output.print(Map.of("report", pages.get(0).toString()), "Report: " + names);
        return 0;
    }

    private static boolean isRun(RunFolder folder) {
        return Files.exists(folder.run()) || Files.exists(folder.edges());
    }

    private Path writeRun(RunFolder folder) {
        try (ProgressDisplay progress = output.progress();
                Engine engine = engineOptions.open(progress)) {
            write(folder, engine);
        }
        return folder.report();
    }

    private void write(RunFolder folder, Engine engine) {
        RunSummary training = Files.exists(folder.run()) ? RunSummary.read(folder) : null;
        CorrelationSummary correlation = correlation(folder);
        ClusterSummary clustering =
                readIfThere(folder.labels(), RunFolder.summaryOf(folder.labels()), ClusterSummary.class);
        if (training == null && correlation == null) {
            throw MorulaException.input(
                    "%s: holds neither a run.json (morula train), nor an edges.npz with its edges.json (morula correlate), nor "
                            + "an analysis.json (morula analyze), nor a sweep.json (morula sweep)",
                    folder.path());
        }
        try (Matrix values = values(folder, correlation, engine);
                StandardisedLayer layer = values == null ? null : standardise(values, correlation, engine);
                CorrelationGraph graph = correlation == null
                        ? null
                        : GraphFile.read(
                                folder.edges(), engine.kernels(), engine.workers(), engine.matrixBytes() / 2)) {
            Clusters clusters = clustering == null ? null : clusters(folder, clustering);
            ReportStage.Parts parts = new ReportStage.Parts(training, correlation, clustering, layer, graph, clusters);
            RunReport report = new ReportStage(engine).run(title(folder, training), parts, ReportStage.seconds(parts));
            ReportWriter.write(report, folder.report());
        }
    }

    private static CorrelationSummary correlation(RunFolder folder) {
        Path summary = RunFolder.summaryOf(folder.edges());
        CorrelationSummary found = readIfThere(folder.edges(), summary, CorrelationSummary.class);
        if (found != null && found.input() == null) {
            throw MorulaException.input(
                    "%s: does not say what was correlated, as that of morula correlate does; a graph that morula merge "
                            + "assembled has no report",
                    summary);
        }
        if (found != null && found.topK() != null) {
            throw MorulaException.input(
                    "%s: has the %d strongest partners of each neuron, a directed graph; a report needs the edges above a "
                            + "threshold, as morula correlate --threshold finds them",
                    folder.edges(), found.topK());
        }
        return found;
    }

    private static <T> T readIfThere(Path result, Path summary, Class<T> type) {
        return Files.exists(result) && Files.exists(summary) ? Json.read(summary, type) : null;
    }

    /** The layer as it was correlated, if all its files are still there. */
    private static Matrix values(RunFolder folder, CorrelationSummary correlation, Engine engine) {
        List<String> input = correlation == null
                ? List.of()
                : correlation.input().stream()
                        .map(path -> find(folder, path))
                        .flatMap(Optional::stream)
                        .toList();
        if (correlation == null || input.size() < correlation.input().size()) {
            return null;
        }
        Layout layout = new LayoutName().convert(correlation.layout());
        return Activations.open(input, layout)
                .neuronMajor(allocator(engine.matrixBytes() / 2), engine.kernels(), engine.workers(), bytes -> {});
    }

    /** Memory for up to {@code most} bytes, else a temporary file. */
    private static MatrixAllocator allocator(long most) {
        Path temporary = Path.of(System.getProperty("java.io.tmpdir"));
        return (type, rows, columns) -> rows * columns * type.bytes() <= most
                ? Matrix.allocate(type, rows, columns)
                : Matrix.scratch(temporary, type, rows, columns);
    }

    /** The input under the name it was given by, else the file of that name in the run folder, which may have moved. */
    private static Optional<String> find(RunFolder folder, String pathAndTensor) {
        TensorPath given = TensorPath.parse(pathAndTensor);
        TensorPath moved = new TensorPath(folder.path().resolve(given.file().getFileName()), given.tensor());
        return Stream.of(given, moved)
                .filter(path -> Files.exists(path.file()))
                .findFirst()
                .map(path ->
                        path.file() + path.tensor().map(tensor -> ":" + tensor).orElse(""));
    }

    private static StandardisedLayer standardise(Matrix values, CorrelationSummary correlation, Engine engine) {
        Metric metric = Metric.valueOf(correlation.metric().toUpperCase(Locale.ROOT));
        return StandardisedLayer.measure(
                values,
                metric,
                allocator(engine.matrixBytes() / 4),
                engine.kernels(),
                engine.workers(),
                engine.progress());
    }

    private static Clusters clusters(RunFolder folder, ClusterSummary clustering) {
        try (Matrix stored = Npy.open(folder.labels()).map()) {
            int[] labels = new int[Math.toIntExact(stored.rows())];
            stored.read(0, labels, 0, labels.length);
            return new Clusters(labels, clustering.representatives(), clustering.sizes());
        }
    }

    static String title(RunFolder folder, RunSummary run) {
        List<String> about = run == null
                ? List.of(folder.path().getFileName().toString())
                : List.of(run.training().net(), dataName(run.training().data()));
        return String.join(" on ", about);
    }

    /** The data without the folder of those whose name says which they are. */
    static String dataName(String data) {
        return data.replaceFirst("^(mnist|fashion-mnist|cifar10|cifar100):.*", "$1");
    }
}
