package dev.morula.cli;

import dev.morula.MorulaException;
import dev.morula.MorulaException.Kind;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * One network of a sweep, in its run folder: what {@code morula train} and {@code morula analyze} would leave there. How far
 * it is can be told from the files alone.
 */
record SweepRun(RunFolder folder, TrainingSettings settings) {

    /** Why a network could not be trained. */
    record Failure(String sentence) {}

    private Path failure() {
        return folder.path().resolve("failed.json");
    }

    AnalysisFolder analysis() {
        return new AnalysisFolder(folder.analysis());
    }

    boolean isComplete() {
        return hasFailed()
                || (Files.exists(folder.run()) && Files.exists(analysis().analysis()));
    }

    boolean hasFailed() {
        return Files.exists(failure());
    }

    String failureSentence() {
        return Json.read(failure(), Failure.class).sentence();
    }

    /** Does what is left to do. A network that cannot be trained is noted as failed. */
    void complete(Engine engine, RunAnalysis analyzer, AnalysisSettings analysis, int keepEvery) {
        RunFolder.create(folder.path());
        try {
            train(engine, keepEvery);
        } catch (MorulaException e) {
            if (e.kind() != Kind.USAGE) { // a full disk says nothing about the network
                throw e;
            }
            Json.write(failure(), new Failure(e.getMessage()));
            return;
        }
        if (!Files.exists(analysis().analysis())) {
            analyzer.run(engine, folder, ofThis(analysis), folder.analysis());
        }
    }

    private AnalysisSettings ofThis(AnalysisSettings common) {
        return new AnalysisSettings(
                common.layers(), common.chunks(), common.chunksR2(), common.depthErrors(), settings.seed());
    }

    private void train(Engine engine, int keepEvery) {
        TrainingRun training = new TrainingRun(engine, folder);
        if (Files.exists(folder.run())) {
            requireSame(RunSummary.read(folder).training().settings());
            TrainingJournal.finish(folder); // it may have been killed between the two
        } else if (Files.exists(folder.training()) && goesOn(TrainingJournal.settings(folder), engine)) {
            training.resume();
        } else {
            training.begin(arguments(keepEvery), settings, keepEvery);
        }
    }

    /** The command line that trains this network alone. */
    private List<String> arguments(int keepEvery) {
        List<String> words = new ArrayList<>(List.of("train"));
        words.addAll(settings.arguments());
        if (keepEvery > 0) {
            words.addAll(List.of("--keep-every", String.valueOf(keepEvery)));
        }
        words.addAll(List.of("--out", folder.path().toString()));
        return words;
    }

    /** With another number of threads, tier or device it would go on to other weights, so it begins again. */
    private boolean goesOn(TrainingJournal.Settings begun, Engine engine) {
        requireSame(begun.training());
        return begun.isOf(engine);
    }

    private void requireSame(TrainingSettings there) {
        if (!there.equals(settings)) {
            throw MorulaException.input(
                    "%s: holds a run of other settings than the sweep's; delete it, or give another --out",
                    folder.path());
        }
    }
}
