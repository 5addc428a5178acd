package dev.morula.cli;

import dev.morula.MorulaException;
import dev.morula.MorulaException.Kind;
import dev.morula.data.LockFile;
import dev.morula.kernel.Progress;
import dev.morula.redundancy.SweepSummary;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;

/** A sweep from its settings to sweep.json. */
final class Sweep {
    private Sweep() {}

    static SweepResult run(
            EngineOptions options, List<String> arguments, SweepSettings settings, Path out, PrintWriter err) {
        SweepPlan plan = SweepPlan.of(settings);
        SweepFolder folder = SweepFolder.open(out, settings);
        LockFile lock = folder.lock();
        try {
            return run(options, arguments, settings, folder, plan, err);
        } finally {
            lock.close();
        }
    }

    private static SweepResult run(
            EngineOptions options,
            List<String> arguments,
            SweepSettings settings,
            SweepFolder folder,
            SweepPlan plan,
            PrintWriter err) {
        RunAnalysis analysis = (engine, run, what, target) -> new AnalyzeStage(engine).run(run, what, target);
        new SweepStage(options, analysis, err).run(folder, plan, settings);
        SweepResult result = SweepResult.of(arguments, folder, plan, summary(options, folder, plan, settings));
        if (result.failed().size() == plan.runs().size()) {
            throw MorulaException.usage(
                    "%s: no network of the sweep could be trained: %s",
                    folder.path(), result.failed().get(0).sentence());
        }
        Json.write(folder.summary(), result);
        AnalysisPages.write(folder.path());
        return result;
    }

    private static SweepSummary summary(
            EngineOptions options, SweepFolder folder, SweepPlan plan, SweepSettings settings) {
        try (Engine engine = options.open(Progress.NONE)) {
            return new SweepSummaryStage(engine, folder, settings).run(plan);
        }
    }

    /** Says which networks missed their goal or failed. */
    static int exitCode(SweepResult result, PrintWriter err) {
        result.failed().forEach(run -> err.println("morula: " + run.folder() + ": " + run.sentence()));
        if (!result.missed().isEmpty()) {
            err.println("morula: the goal was missed by " + String.join(", ", result.missed())
                    + "; allow more with --epochs or --max-epochs");
        }
        err.flush();
        return result.failed().isEmpty() && result.missed().isEmpty() ? 0 : Kind.GOAL_MISSED.exitCode();
    }
}
