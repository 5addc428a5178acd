package dev.morula.cli;

import dev.morula.report.TextSummary;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Trains a network. */
@Command(
        name = "train",
        description = "Trains a network and writes its weights, curves and settings to a run folder; exits with 6 if "
                + "--until-zero-error or --until-loss was asked for and missed.")
final class TrainCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private EngineOptions engineOptions;

    @Mixin
    private Output output;

    @ArgGroup(multiplicity = "1")
    private What what;

    /** A run that begins. */
    static final class Begin extends TrainingArguments {
        @Option(names = "--out", required = true, paramLabel = "DIR", description = "run folder, made if needed")
        private Path out;
    }

    /** A run that begins, or one that is taken up again. */
    static final class What {
        @ArgGroup(exclusive = false)
        private Begin begin;

        @Option(
                names = "--resume",
                paramLabel = "RUN",
                description =
                        "go on with a run that was interrupted, to the same weights bit by bit; its settings hold")
        private Path resume;
    }

    @Override
    public Integer call() {
        boolean resumes = what.resume != null;
        boolean makesFolder = !resumes && Files.notExists(what.begin.out);
        RunFolder folder = resumes ? interrupted(what.resume) : begin(what.begin);
        RunSummary run;
        try (ProgressDisplay progress = output.progress();
                Engine engine = engineOptions.open(progress)) {
            TrainingRun training = new TrainingRun(engine, folder);
            run = resumes
                    ? training.resume()
                    : training.begin(
                            spec.commandLine().getParent().getParseResult().originalArgs(),
                            what.begin.settings(),
                            what.begin.keepEvery());
        } catch (RuntimeException e) {
            if (makesFolder) {
                folder.deleteIfEmpty(); // what was refused leaves nothing behind
            }
            throw e;
        }
        ReportStage.Parts parts = new ReportStage.Parts(run, null, null, null, null, null);
        output.print(
                run,
                TextSummary.of(
                                ReportStage.headline(parts),
                                Map.of("train", run.training().seconds())) + "\nRun: " + folder.path());
        return Goals.exitCode(run.training(), spec.commandLine().getErr());
    }

    // Both refuse what cannot be, before the engine is opened.

    private static RunFolder interrupted(Path path) {
        RunFolder folder = RunFolder.open(path);
        TrainingJournal.settings(folder).training().options();
        return folder;
    }

    private static RunFolder begin(Begin arguments) {
        arguments.settings().options();
        arguments.keepEvery();
        RunFolder folder = RunFolder.create(arguments.out);
        RunSummary.requireFree(folder, "train");
        TrainingJournal.requireNone(folder);
        return folder;
    }
}
