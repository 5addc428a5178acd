package dev.morula.cli;

import dev.morula.MorulaException;
import dev.morula.data.OutputFolder;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Makes a trained network's last hidden layer smaller. */
@Command(
        name = "compress",
        description =
                "Keeps few neurons of a run's last hidden layer, folds the read-out's weights of the others into theirs, and"
                        + " writes to a new folder the smaller network (model.safetensors, PyTorch's names), which neurons"
                        + " are kept and where the others went (merge.json), and errors before and after"
                        + " (compression.json). Chosen on train samples, reported on test samples.")
final class CompressCommand implements Callable<Integer> {
    @Mixin
    private EngineOptions engineOptions;

    @Mixin
    private Output output;

    @Parameters(paramLabel = "RUN", description = "run folder")
    private Path run;

    @Option(
            names = "--keep",
            paramLabel = "N",
            description = "neurons to keep: a number, or w* for the critical width that morula analyze found")
    private String keep;

    @Option(
            names = "--max-error-rise",
            paramLabel = "X",
            description = "instead: keep as few as raise the train error by at most X percentage points")
    private Double maxErrorRise;

    @Option(names = "--out", required = true, paramLabel = "DIR", description = "folder to make")
    private Path out;

    @Override
    public Integer call() {
        if ((keep == null) == (maxErrorRise == null)) {
            throw MorulaException.usage("--keep and --max-error-rise say how small: give one of them");
        } else if (maxErrorRise != null && !(maxErrorRise >= 0 && maxErrorRise <= 100)) {
            throw MorulaException.usage("--max-error-rise %s: it must be 0 to 100 points", maxErrorRise);
        }
        OutputFolder.requireFree(out);
        RunFolder folder = RunFolder.open(run);
        Integer count = keep == null ? null : Integer.valueOf(KeepOption.parse(keep, folder));
        CompressionSummary summary;
        try (ProgressDisplay progress = output.progress();
                Engine engine = engineOptions.open(progress)) {
            summary = new CompressStage(engine).run(folder, new CompressStage.Request(count, maxErrorRise), out);
        }
        output.print(summary, summary.sentence() + network(summary) + "\nFolder: " + out);
        return 0;
    }

    private static String network(CompressionSummary summary) {
        return summary.smallerNet() == null
                ? "\nNo preset has these widths; load the weights into a network with a last hidden layer of "
                        + summary.kept() + " neurons."
                : "\nNetwork: " + summary.smallerNet();
    }
}
