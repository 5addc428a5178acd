package dev.morula.cli;

import java.util.List;

/** Trains the network of a run folder up to its run.json: what {@code morula train} leaves there. */
final class TrainingRun {
    private final Engine engine;
    private final RunFolder folder;

    TrainingRun(Engine engine, RunFolder folder) {
        this.engine = engine;
        this.folder = folder;
    }

    /** From the beginning, as the command line {@code arguments} asked for. */
    RunSummary begin(List<String> arguments, TrainingSettings settings, int keepEvery) {
        return finish(arguments, new TrainStage(engine, folder).run(arguments, settings, keepEvery));
    }

    /** From where it was interrupted. */
    RunSummary resume() {
        List<String> arguments = TrainingJournal.settings(folder).arguments();
        return finish(arguments, new TrainStage(engine, folder).resume());
    }

    private RunSummary finish(List<String> arguments, TrainingSummary training) {
        RunSummary run = RunSummary.of(arguments.get(0), arguments, training); // of the command that began it
        Json.write(folder.run(), run);
        TrainingJournal.finish(folder);
        return run;
    }
}
