package dev.morula.cli;

import java.io.PrintStream;

/**
 * Says so when a signal ends the program: SIGINT, with exit code 130, or SIGTERM, with 143. Java sees to these codes, and
 * after the announcement it removes the files that are not complete ({@link dev.morula.data.OutputFile}).
 */
final class Interruption {
    private static final String NOTHING = "no unfinished file is left";

    // Of the process, as the signal is: whichever work the program does has one thing to say.
    private static volatile String left = NOTHING;

    private static volatile String leftOfAll;

    private final Thread announcement;

    private Interruption(Thread announcement) {
        this.announcement = announcement;
    }

    /** Announces on {@code err}, which takes nothing from then on, until {@link #forget}. */
    static Interruption announceOn(PrintStream err) {
        String barEnd = ProgressDisplay.isTerminal() ? System.lineSeparator() : "";
        Thread announcement = new Thread(() -> {
            err.println(barEnd + "morula: interrupted; " + (leftOfAll == null ? left : leftOfAll));
            err.close(); // the work goes on until Java has ended, and would complain of its files being gone
        });
        Runtime.getRuntime().addShutdownHook(announcement);
        return new Interruption(announcement);
    }

    /** From now on, an interruption leaves what the sentence {@code what} says. */
    static void leaves(String what) {
        left = what;
    }

    static void leavesNothing() {
        left = NOTHING;
    }

    /** Whatever parts of the work say until {@link #endOfAll}, an interruption leaves what the sentence {@code what} says. */
    static void leavesOfAll(String what) {
        leftOfAll = what;
    }

    static void endOfAll() {
        leftOfAll = null;
    }

    /** The work is done: that the program ends is no interruption, unless a signal was first. */
    void forget() {
        try {
            Runtime.getRuntime().removeShutdownHook(announcement);
        } catch (IllegalStateException e) {
            // the announcement is being made; the caller's exit waits for Java's, whose code counts
        }
    }
}
