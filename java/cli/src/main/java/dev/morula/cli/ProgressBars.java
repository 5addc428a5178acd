package dev.morula.cli;

import dev.morula.kernel.Stage;
import dev.morula.kernel.Stage.Unit;
import java.io.PrintWriter;
import java.text.DecimalFormat;
import me.tongfei.progressbar.DelegatingProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** Progress for terminals: one bar a stage with its rate and the time left, each on its own line. */
final class ProgressBars implements ProgressDisplay {
    // A fixed width, since asking the terminal would load a terminal library of its own; 80 columns fit any.
    private static final int COLUMNS = 79;
    private static final int UPDATE_MILLIS = 200;
    private static final String[] PREFIXES = {"", "k", "M", "G", "T", "P"};

    private final PrintWriter err;
    private Stage stage;
    private ProgressBar bar;

    ProgressBars(PrintWriter err) {
        this.err = err;
    }

    @Override
    public void report(Stage reported, long done, long total) {
        if (!reported.equals(stage)) {
            close();
            stage = reported;
            bar = open(total);
        }
        if (bar != null) {
            bar.maxHint(total);
            bar.stepTo(done);
            if (done == total) {
                close();
            }
        }
    }

    private ProgressBar open(long total) {
        int prefix = prefix(total);
        String unit =
                stage.unit() == Unit.BYTES ? "B" : prefix == 0 ? stage.unit().toString() : " " + stage.unit();
        return new ProgressBarBuilder()
                .setTaskName(stage.name())
                .setInitialMax(total)
                .setUnit(" " + PREFIXES[prefix] + unit, (long) Math.pow(1000, prefix))
                .showSpeed(new DecimalFormat("#,##0.0"))
                .setStyle(ProgressBarStyle.ASCII)
                .setUpdateIntervalMillis(UPDATE_MILLIS)
                .setConsumer(new DelegatingProgressBarConsumer(this::draw, COLUMNS))
                .build();
    }

    /** The largest power of 1,000 that still leaves two digits of {@code total}. */
    private static int prefix(long total) {
        int prefix = 0;
        for (long rest = total; rest >= 10_000; rest /= 1000) {
            prefix++;
        }
        return prefix;
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
