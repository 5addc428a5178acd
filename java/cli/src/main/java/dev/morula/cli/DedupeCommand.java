package dev.morula.cli;

import dev.morula.MorulaException;
import dev.morula.activations.Layout;
import dev.morula.correlate.CorrelationQuery;
import dev.morula.correlate.PlanChoice;
import dev.morula.data.OutputFolder;
import dev.morula.graph.Triangle;
import dev.morula.kernel.Metric;
import dev.morula.kernel.Sign;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Finds the rows of a dictionary that are duplicates of others. */
@Command(
        name = "dedupe",
        description =
                "Finds which rows of a dictionary, an embedding table or a layer are duplicates of others, exactly, "
                        + "and writes to a new folder which to keep (keep.npy), which stands for which (merge.json) and what "
                        + "is promised of them (certificate.json).")
final class DedupeCommand implements Callable<Integer> {
    @Mixin
    private EngineOptions engineOptions;

    @Mixin
    private Output output;

    @Parameters(
            arity = "1..*",
            paramLabel = "PATH[:TENSOR]",
            description = "rows: .npy or .safetensors; several files are shards, concatenated along samples")
    private List<String> input;

    @Option(
            names = "--threshold",
            paramLabel = "R",
            description = "least correlation of a removed row with the kept one, above 0 (default: 0.9)")
    private double threshold = 0.9;

    @Option(names = "--metric", paramLabel = "NAME", description = "cosine (default) or pearson")
    private Metric metric = Metric.COSINE;

    @Option(names = "--abs", description = "negated copies are duplicates too")
    private boolean absolute;

    @Option(
            names = "--layout",
            paramLabel = "NAME",
            description = "what the rows of the input are: neurons-first (default: each is a latent, word or neuron) or"
                    + " samples-first",
            converter = LayoutName.class)
    private Layout layout = Layout.NEURONS_FIRST;

    @Option(names = "--drop-nonfinite", description = "keep rows with a NaN or infinity without comparing them")
    private boolean dropNonFinite;

    @Option(names = "--out", required = true, paramLabel = "DIR", description = "folder to make")
    private Path out;

    @Override
    public Integer call() {
        if (!(threshold > 0)) {
            throw MorulaException.usage("--threshold %s: it must be above 0 and at most 1", threshold);
        }
        CorrelationQuery.atLeast(threshold); // refuses one above 1
        OutputFolder.requireFree(out);
        DedupeCertificate certificate;
        try (ProgressDisplay progress = output.progress();
                Engine engine = engineOptions.open(progress)) {
            certificate = new DedupeStage(engine, request()).run();
        }
        output.print(certificate, DedupeText.of(certificate, out));
        return 0;
    }

    private CorrelateStage.Request request() {
        return new CorrelateStage.Request(
                input,
                layout,
                metric,
                absolute ? Sign.ABSOLUTE : Sign.SIGNED,
                threshold,
                Long.MAX_VALUE,
                dropNonFinite ? CorrelateStage.NonFinite.DROP : CorrelateStage.NonFinite.REFUSE,
                Triangle.FULL,
                out,
                Queries.NONE,
                PlanChoice.AUTO,
                null,
                Division.WHOLE);
    }
}
