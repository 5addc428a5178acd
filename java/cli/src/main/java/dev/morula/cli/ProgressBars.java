package dev.morula.cli;

import java.io.PrintWriter;
import me.tongfei.progressbar.DelegatingProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** Progress for terminals: one bar a stage, each on its own line. */
final class ProgressBars implements ProgressDisplay {
    // A fixed width, since asking the terminal would load a terminal library of its own; 80 columns fit any.
    private static final int COLUMNS = 79;
    private static final int UPDATE_MILLIS = 200;

    private final PrintWriter err;
    private String stage = "";
    private ProgressBar bar;

    ProgressBars(PrintWriter err) {
        this.err = err;
    }

    @Override
    public void report(String name, long done, long total) {
        if (!name.equals(stage)) {
            close();
            stage = name;
            bar = open(name, total);
        }
        if (bar != null) {
            bar.maxHint(total);
            bar.stepTo(done);
            if (done == total) {
                close();
            }
        }
    }

    private ProgressBar open(String name, long total) {
        return new ProgressBarBuilder()
                .setTaskName(name)
                .setInitialMax(total)
                .setStyle(ProgressBarStyle.ASCII)
                .setUpdateIntervalMillis(UPDATE_MILLIS)
                .setConsumer(new DelegatingProgressBarConsumer(this::draw, COLUMNS))
                .build();
    }

    private void draw(String line) {
        err.print('\r' + line);
        err.flush();
    }

    @Override
    public void close() {
        if (bar != null) {
            bar.close();
            bar = null;
            err.println();
            err.flush();
        }
    }
}
