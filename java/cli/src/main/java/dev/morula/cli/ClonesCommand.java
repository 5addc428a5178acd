package dev.morula.cli;

import dev.morula.MorulaException;
import dev.morula.redundancy.clones.CloneTest;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Finds the clones of a trained layer. */
@Command(
        name = "clones",
        description =
                "Groups the neurons of a run's last hidden layer into types that carry the same signal, deals them into"
                        + " clones with a neuron of every type, and tests these on the test samples against random chunks of"
                        + " the same sizes. Writes clones.json to the run folder.")
final class ClonesCommand implements Callable<Integer> {
    private static final String RESULT = "clones.json";
    private static final int MOST_FITS = 40; // of random deals: regressions take longer than errors

    @Mixin
    private EngineOptions engineOptions;

    @Mixin
    private Output output;

    @Parameters(paramLabel = "RUN", description = "run folder")
    private Path run;

    @Option(
            names = "--method",
            paramLabel = "NAME",
            description = "how types are formed: cover (default), components or average, as in morula cluster")
    private String method = "cover";

    @Option(
            names = "--threshold",
            paramLabel = "R",
            description = "least correlation of neurons that carry the same signal, above 0 (default: 0.8)")
    private double threshold = 0.8;

    @Option(
            names = "--clones",
            paramLabel = "N",
            description = "clones to deal, such as W / w* (default: the median size of types)")
    private Integer clones;

    @Option(
            names = "--deals",
            paramLabel = "N",
            description = "random deals to compare with; R^2 with 40 of them at most (default: 100)")
    private int deals = 100;

    @Option(names = "--seed", paramLabel = "N", description = "of every random choice (default: 1)")
    private long seed = 1;

    @Override
    public Integer call() {
        if (!(threshold > 0 && threshold <= 1)) {
            throw MorulaException.usage("--threshold %s: it must be above 0 and at most 1", threshold);
        } else if (clones != null && clones < 2) {
            throw MorulaException.usage("--clones %d: at least 2 are needed", clones);
        } else if (deals < 1) {
            throw MorulaException.usage("--deals %d: at least 1 is needed", deals);
        }
        RunFolder folder = RunFolder.open(run);
        Path result = folder.path().resolve(RESULT);
        Outputs.require(List.of(folder.weights()), List.of(result));
        CloneTest.Draws draws = new CloneTest.Draws(deals, Math.min(deals, MOST_FITS), seed);
        ClonesSummary found;
        try (ProgressDisplay progress = output.progress();
                Engine engine = engineOptions.open(progress)) {
            found = new ClonesStage(engine).run(folder, new ClonesStage.Request(method, threshold, clones, draws));
        }
        Json.write(result, found);
        output.print(found, ClonesText.of(found) + "\nClones: " + result);
        return 0;
    }
}
