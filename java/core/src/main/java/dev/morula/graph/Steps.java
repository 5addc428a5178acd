package dev.morula.graph;

import dev.morula.kernel.Progress;
import dev.morula.kernel.Stage;

/** Counts the steps of a stage, which any thread may take, and tells its progress. */
final class Steps {
    private final Progress progress;
    private final Stage stage;
    private final long total;
    private long done;

    Steps(Progress progress, Stage stage, long total) {
        this.progress = progress;
        this.stage = stage;
        this.total = total;
    }

    synchronized void add(long steps) {
        done += steps;
        progress.report(stage, done, total);
    }
}
