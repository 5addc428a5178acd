package dev.morula.cli;

import dev.morula.redundancy.Analysis;
import java.nio.file.Path;

/** Measures how much of a network is there more than once, and writes it down. */
final class AnalyzeStage {
    private final Engine engine;

    AnalyzeStage(Engine engine) {
        this.engine = engine;
    }

    /** Analyses a run and writes analysis.json to {@code target}, after the files beside it. */
    Analysis run(RunFolder folder, AnalysisSettings settings, Path target) {
        try (TrainedRun run = TrainedRun.open(engine, folder)) {
            AnalysisFolder analysis = AnalysisFolder.create(target);
            Analysis found = new RunAnalyst(engine, run, settings).analyse(folder, analysis);
            analysis.write(found);
            return found;
        }
    }

    /** Analyses layers in files and writes analysis.json to {@code target}. */
    Analysis files(StoredLayers files, AnalysisSettings settings, Path target) {
        Analysis found = new FileAnalyst(engine, files, settings).analyse();
        AnalysisFolder.create(target).write(found);
        return found;
    }
}
