package dev.morula.cli;

import dev.morula.kernel.Progress;
import java.io.PrintWriter;

/** Shows how far long stages are. */
interface ProgressDisplay extends Progress, AutoCloseable {

    /** A bar if standard error is a terminal, otherwise plain lines. */
    static ProgressDisplay on(PrintWriter err) {
        return isTerminal() ? new ProgressBars(err) : new ProgressLines(err, System::nanoTime);
    }

    /** Whether standard error is a terminal, as only the launcher can tell. */
    static boolean isTerminal() {
        return Boolean.getBoolean("morula.terminal");
    }

    @Override
    void close();
}
