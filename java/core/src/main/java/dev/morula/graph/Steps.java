package dev.morula.graph;

import dev.morula.kernel.Progress;

/** Counts the steps of a stage, which any thread may take, and tells its progress. */
final class Steps {
    private final Progress progress;
    private final String stage;
    private final long total;
    private long done;

    Steps(Progress progress, String stage, long total) {
        this.progress = progress;
        this.stage = stage;
        this.total = total;
    }

    synchronized void add(long steps) {
        done += steps;
        progress.report(stage, done, total);
    }
}
