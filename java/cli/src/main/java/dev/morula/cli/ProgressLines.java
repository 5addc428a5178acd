package dev.morula.cli;

import java.io.PrintWriter;
import java.util.function.LongSupplier;

/** Progress for logs: a line when a stage begins and ends, and one every few seconds between. */
final class ProgressLines implements ProgressDisplay {
    private static final long INTERVAL_NANOS = 3_000_000_000L;

    private final PrintWriter err;
    private final LongSupplier nanoTime;
    private String stage = "";
    private long lastLine;

    ProgressLines(PrintWriter err, LongSupplier nanoTime) {
        this.err = err;
        this.nanoTime = nanoTime;
    }

    @Override
    public void report(String name, long done, long total) {
        long now = nanoTime.getAsLong();
        if (!name.equals(stage) || done == total || now - lastLine >= INTERVAL_NANOS) {
            stage = name;
            lastLine = now;
            err.println(name + " " + 100 * done / Math.max(total, 1) + " %");
            err.flush();
        }
    }

    @Override
    public void close() {}
}
