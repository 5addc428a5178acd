package dev.morula.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Trains and analyses many networks. */
@Command(
        name = "sweep",
        description =
                "Trains a network of every width, depth and other setting listed, with several seeds each, analyses "
                        + "them and writes sweep.json, a summary. W and L in --net stand for width and depth (pmnist:W, "
                        + "mlp:784-W-W), in braces beside other letters (mlp-L{L}-H128). Whenever it is interrupted, the same "
                        + "command goes on. Exits with 6 if networks missed their goal or could not be trained.")
final class SweepCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private EngineOptions engineOptions;

    @Mixin
    private Output output;

    @Mixin
    private SweepArguments sweep;

    @Option(
            names = "--out",
            required = true,
            paramLabel = "DIR",
            description = "folder of the sweep, made if needed; a run folder in it for each network, such as W64-s3")
    private Path out;

    @Override
    public Integer call() {
        List<String> arguments = spec.commandLine().getParent().getParseResult().originalArgs();
        SweepResult result = Sweep.run(engineOptions, arguments, sweep.settings(), out, output.err());
        output.print(result, result.text() + "\nReport: " + out.resolve("report.html"));
        return Sweep.exitCode(result, output.err());
    }
}
