package dev.morula.cli;

import dev.morula.MorulaException;
import dev.morula.data.Split;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Records a layer of a trained network. */
@Command(
        name = "activations",
        description = "Writes the activations of a hidden layer of a run, after its ReLU, as a .npy of samples x "
                + "neurons; streamed, so the layer may be larger than memory.")
final class ActivationsCommand implements Callable<Integer> {
    @Mixin
    private EngineOptions engineOptions;

    @Mixin
    private Output output;

    @Parameters(paramLabel = "RUN", description = "run folder")
    private Path run;

    @Option(names = "--layer", paramLabel = "N", description = "last (default), or a hidden layer counted from 1")
    private String layer = "last";

    @Option(names = "--split", paramLabel = "SPLIT", description = "train (default) or test")
    private String split = "train";

    @Option(names = "--out", required = true, paramLabel = "FILE", description = ".npy to write")
    private Path out;

    @Override
    public Integer call() {
        RunFolder folder = RunFolder.open(run);
        Outputs.require(List.of(folder.weights()), List.of(out));
        TrainingSummary training = RunSummary.read(folder).training();
        RecordStage.Recorded recorded;
        try (ProgressDisplay progress = output.progress();
                Engine engine = engineOptions.open(progress)) {
            recorded = new RecordStage(engine).run(folder, training, layer, split(), out);
        }
        output.print(
                recorded,
                String.format(
                        "%,d samples x %,d neurons (%s split): %s",
                        recorded.samples(), recorded.neurons(), recorded.split(), out));
        return 0;
    }

    private Split split() {
        return switch (split.toLowerCase(Locale.ROOT)) {
            case "train" -> Split.TRAIN;
            case "test" -> Split.TEST;
            default -> throw MorulaException.usage("--split %s: it must be train or test", split);
        };
    }
}
