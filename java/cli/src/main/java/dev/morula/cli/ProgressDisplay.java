package dev.morula.cli;

import dev.morula.kernel.Progress;
import java.io.PrintWriter;

/** Shows how far long stages are. */
interface ProgressDisplay extends Progress, AutoCloseable {

    /** A bar if standard error is a terminal, as only the launcher can tell; otherwise plain lines. */
    static ProgressDisplay on(PrintWriter err) {
        return Boolean.getBoolean("morula.terminal") ? new ProgressBars(err) : new ProgressLines(err, System::nanoTime);
    }

    @Override
    void close();
}
