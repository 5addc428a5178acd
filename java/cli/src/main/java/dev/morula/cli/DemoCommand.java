package dev.morula.cli;

import dev.morula.MorulaException;
import dev.morula.activations.Layout;
import dev.morula.cluster.NeuronTable;
import dev.morula.correlate.CorrelationQuery;
import dev.morula.correlate.PlanChoice;
import dev.morula.data.DataSource;
import dev.morula.data.Split;
import dev.morula.graph.Partners;
import dev.morula.graph.Triangle;
import dev.morula.kernel.Metric;
import dev.morula.kernel.Sign;
import dev.morula.report.ReportWriter;
import dev.morula.report.RunReport;
import dev.morula.report.TextSummary;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The whole flow on real data. */
@Command(
        name = "demo",
        description = "Trains a wide network on MNIST to zero train error, analyses its last hidden layer and writes a "
                + "report: the whole flow in one go.")
final class DemoCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private EngineOptions engineOptions;

    @Mixin
    private Output output;

    @Option(names = "--width", paramLabel = "W", description = "neurons of the last hidden layer (default: 4096)")
    private int width = 4096;

    @Option(names = "--threshold", paramLabel = "R", description = "least correlation of an edge (default: 0.9)")
    private double threshold = 0.9;

    @Option(names = "--epochs", paramLabel = "N", description = "length of the schedule (default: 20)")
    private int epochs = 20;

    @Option(names = "--seed", paramLabel = "N", description = "of initial weights and order of images (default: 1)")
    private long seed = 1;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description =
                    "folder with MNIST or Fashion-MNIST as IDX files, plain or .gz (default: 10,000 bundled images)")
    private String data = "mnist-mini";

    @Option(names = "--out", paramLabel = "DIR", description = "run folder (default: morula-demo)")
    private Path out = Path.of("morula-demo");

    @Override
    public Integer call() {
        DataSource source = source();
        if (width < 1) {
            throw MorulaException.usage("--width %d: at least 1 neuron is needed", width);
        }
        CorrelationQuery.atLeast(threshold); // refuses one that is none, before the training
        RunFolder folder = RunFolder.create(out);
        RunSummary.requireFree(folder, "demo");
        RunSummary run;
        String text;
        try (ProgressDisplay progress = output.progress();
                Engine engine = engineOptions.open(progress)) {
            Stopwatch stopwatch = new Stopwatch();
            List<String> arguments =
                    spec.commandLine().getParent().getParseResult().originalArgs();
            TrainingSummary training = stopwatch.time("train", () -> train(engine, source, folder, arguments));
            RunSummary trained = RunSummary.of("demo", arguments, training);
            Json.write(folder.run(), trained);
            TrainingJournal.finish(folder);
            stopwatch.run("record", () -> new RecordStage(engine)
                    .run(folder, training, "last", Split.TRAIN, tap -> folder.layer()));
            ReportStage.Parts parts = analyse(engine, trained, folder, stopwatch);
            run = parts.run();
            text = TextSummary.of(ReportStage.headline(parts), stopwatch.seconds());
        }
        output.print(run, text + "\nReport: " + folder.report());
        return Goals.exitCode(run.training(), spec.commandLine().getErr());
    }

    private DataSource source() {
        Path folder = Path.of(data);
        if (!Files.isDirectory(folder)) {
            return DataSource.parse(data);
        }
        boolean fashion =
                folder.toAbsolutePath().toString().toLowerCase(Locale.ROOT).contains("fashion");
        return DataSource.parse((fashion ? "fashion-mnist:" : "mnist:") + data);
    }

    private TrainingSummary train(Engine engine, DataSource source, RunFolder folder, List<String> arguments) {
        TrainingSettings settings = TrainingSettings.defaults("mlp:784-256-256-" + width, source.toString())
                .untilZeroError(epochs, seed);
        return new TrainStage(engine, folder).run(arguments, settings, 0);
    }

    private ReportStage.Parts analyse(Engine engine, RunSummary trained, RunFolder folder, Stopwatch stopwatch) {
        CorrelateStage.Request request = new CorrelateStage.Request(
                List.of(folder.layer().toString()),
                Layout.SAMPLES_FIRST,
                Metric.PEARSON,
                Sign.SIGNED,
                threshold,
                Long.MAX_VALUE,
                CorrelateStage.NonFinite.REFUSE,
                Triangle.FULL,
                folder.edges(),
                Queries.NONE,
                PlanChoice.AUTO,
                null,
                Division.WHOLE);
        try (CorrelateStage.Correlated found =
                new CorrelateStage(engine, request, CorrelateStage.Results.REPORTED).run()) {
            found.summary().seconds().forEach(stopwatch::add);
            ClusterStage.Clustered clustered = stopwatch.time("cluster", () -> new ClusterStage("cover", null, 2)
                    .run(found.graph(), folder.edges(), folder.labels()));
            NeuronTable.write(folder.neurons(), found.layer(), Partners.of(found.graph()), clustered.clusters());
            RunSummary run = trained.with(found.summary(), clustered.summary());
            ReportStage.Parts parts = new ReportStage.Parts(
                    run, found.summary(), clustered.summary(), found.layer(), found.graph(), clustered.clusters());
            Map<String, Double> before = new LinkedHashMap<>(stopwatch.seconds());
            stopwatch.run("report", () -> {
                RunReport report = new ReportStage(engine).run(ReportCommand.title(folder, run), parts, before);
                ReportWriter.write(report, folder.report());
            });
            Json.write(folder.run(), run.withSeconds(stopwatch.seconds()));
            return new ReportStage.Parts(
                    run.withSeconds(stopwatch.seconds()), found.summary(), clustered.summary(), null, null, null);
        }
    }
}
