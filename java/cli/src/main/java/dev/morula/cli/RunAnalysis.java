package dev.morula.cli;

import java.nio.file.Path;

/** Analyses a trained run: writes analysis.json, last, and the files beside it to {@code target}. */
@FunctionalInterface
interface RunAnalysis {
    void run(Engine engine, RunFolder folder, AnalysisSettings settings, Path target);
}
