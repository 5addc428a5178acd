package dev.morula.cli;

import dev.morula.kernel.Progress;
import dev.morula.kernel.Workers;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Trains and analyses the networks of a sweep that are not complete. Narrow ones run side by side, each on one thread, the
 * longest first; wide ones one after another on all threads.
 */
final class SweepStage {
    /** At width 1,024 both ways took the same time (within 6 %, two threads); from here on the memory of several counts. */
    static final double WIDE = 4096;

    private final EngineOptions options;
    private final RunAnalysis analyzer;
    private final PrintWriter err;

    SweepStage(EngineOptions options, RunAnalysis analyzer, PrintWriter err) {
        this.options = options;
        this.analyzer = analyzer;
        this.err = err;
    }

    void run(SweepFolder folder, SweepPlan plan, SweepSettings settings) {
        List<SweepPlan.Planned> left = new ArrayList<>(plan.runs());
        left.removeIf(run -> folder.run(run).isComplete());
        left.sort(Comparator.comparingDouble(SweepProgress.costs(left)).reversed());
        SweepProgress progress =
                new SweepProgress(err, System::nanoTime, plan.runs().size(), left);
        Interruption.leavesOfAll("the same command goes on with the sweep in " + folder.path());
        try {
            Work work = new Work(folder, settings, progress);
            alone(left.stream().filter(SweepStage::isWide).toList(), work);
            sideBySide(left.stream().filter(run -> !isWide(run)).toList(), work);
        } finally {
            Interruption.endOfAll();
        }
    }

    private static boolean isWide(SweepPlan.Planned run) {
        return run.width() != null && Double.parseDouble(run.width()) >= WIDE;
    }

    private void alone(List<SweepPlan.Planned> runs, Work work) {
        if (runs.isEmpty()) {
            return;
        }
        try (Engine engine = options.open(Progress.NONE)) {
            runs.forEach(run -> work.complete(run, engine));
        }
    }

    private void sideBySide(List<SweepPlan.Planned> runs, Work work) {
        if (runs.isEmpty()) {
            return;
        }
        List<Engine> engines = new ArrayList<>();
        try (Workers workers = options.workers()) {
            int beside = Math.min(workers.count(), runs.size());
            for (int i = 0; i < beside; i++) {
                engines.add(options.openShare(beside));
            }
            workers.forEach(runs.size(), (run, worker) -> work.complete(runs.get((int) run), engines.get(worker)));
        } finally {
            engines.forEach(Engine::close);
        }
    }

    /** Completes networks, on whichever engine they are given. */
    private final class Work {
        private final SweepFolder folder;
        private final SweepSettings settings;
        private final SweepProgress progress;

        Work(SweepFolder folder, SweepSettings settings, SweepProgress progress) {
            this.folder = folder;
            this.settings = settings;
            this.progress = progress;
        }

        void complete(SweepPlan.Planned run, Engine engine) {
            Engine reporting = engine.with(progress.begin(run));
            RunAnalysis analysis = (on, trained, how, target) -> {
                progress.trained(run);
                analyzer.run(on, trained, how, target);
            };
            folder.run(run).complete(reporting, analysis, settings.analysis(), settings.keepEvery());
            progress.end(run);
        }
    }
}
