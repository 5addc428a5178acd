package dev.morula.cli;

import dev.morula.kernel.Stage;
import java.io.PrintWriter;
import java.util.function.LongSupplier;

/**
 * Progress for logs: a line when a stage begins and ends, and between these one every few seconds with its rate and the
 * time left.
 */
final class ProgressLines implements ProgressDisplay {
    private static final double INTERVAL_SECONDS = 3;

    private final PrintWriter err;
    private final LongSupplier nanoTime;
    private Stage stage;
    private Pace pace;
    private double lastLine;
    private boolean ended;

    ProgressLines(PrintWriter err, LongSupplier nanoTime) {
        this.err = err;
        this.nanoTime = nanoTime;
    }

    @Override
    public void report(Stage reported, long done, long total) {
        double now = nanoTime.getAsLong() * 1e-9;
        boolean begins = !reported.equals(stage);
        if (begins) {
            stage = reported;
            pace = new Pace(now, done);
            ended = false;
        }
        pace.update(now, done);
        boolean ends = done == total && !ended; // training may go on after the end of its schedule
        if (begins || ends || now - lastLine >= INTERVAL_SECONDS) {
            ended |= ends;
            lastLine = now;
            err.println(stage.name() + " " + percent(done, total) + " %" + (ends ? whole() : left(done, total)));
            err.flush();
        }
    }

    private static long percent(long done, long total) {
        return total == 0 ? 100 : (long) (100.0 * done / total);
    }

    /** How fast the whole stage was. */
    private String whole() {
        return pace.meanRate() > 0
                ? ", " + Quantities.rate(pace.meanRate(), stage.unit()) + ", took "
                        + Quantities.time(pace.elapsedSeconds())
                : "";
    }

    private String left(long done, long total) {
        if (pace.recentRate() <= 0) {
            return "";
        }
        String rate = ", " + Quantities.rate(pace.recentRate(), stage.unit());
        return done == total ? rate : rate + ", " + Quantities.time(pace.secondsLeft(total)) + " left";
    }

    @Override
    public void close() {}
}
