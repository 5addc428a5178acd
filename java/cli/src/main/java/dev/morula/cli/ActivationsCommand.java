package dev.morula.cli;

import dev.morula.MorulaException;
import dev.morula.data.Split;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Records a layer of a trained network. */
@Command(
        name = "activations",
        description = "Writes the activations of a layer of a run as a .npy of samples x neurons (of images channel by "
                + "channel, row by row); streamed, so the layer may be larger than memory.")
final class ActivationsCommand implements Callable<Integer> {
    @Mixin
    private EngineOptions engineOptions;

    @Mixin
    private Output output;

    @Parameters(paramLabel = "RUN", description = "run folder")
    private Path run;

    @Option(
            names = "--layer",
            paramLabel = "LAYER",
            description =
                    "last (default): what the read-out reads; a hidden layer counted from 1, after batch norm and "
                            + "ReLU; module:PATH, a layer's own output by PyTorch's name for it; or all hidden layers")
    private String layer = "last";

    @Option(names = "--split", paramLabel = "SPLIT", description = "train (default) or test")
    private String split = "train";

    @Option(
            names = "--out",
            required = true,
            paramLabel = "FILE",
            description = ".npy to write; a folder for --layer all")
    private Path out;

    @Override
    public Integer call() {
        RunFolder folder = RunFolder.open(run);
        boolean all = layer.equals(RecordStage.ALL);
        if (all) {
            RunFolder.create(out);
        } else {
            Outputs.require(List.of(folder.weights()), List.of(out));
        }
        TrainingSummary training = RunSummary.read(folder).training();
        List<RecordStage.Recorded> recorded;
        try (ProgressDisplay progress = output.progress();
                Engine engine = engineOptions.open(progress)) {
            recorded = new RecordStage(engine)
                    .run(folder, training, layer, split(), tap -> all ? out.resolve(tap.name() + ".npy") : out);
        }
        String text = recorded.stream()
                .map(one -> String.format(
                        "%,d samples x %,d neurons (%s split): %s",
                        one.samples(), one.neurons(), one.split(), one.output()))
                .collect(Collectors.joining("\n"));
        output.print(all ? Map.of("layers", recorded) : recorded.get(0), text);
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
