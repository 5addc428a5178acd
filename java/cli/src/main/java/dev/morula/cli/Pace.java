package dev.morula.cli;

/**
 * How fast a stage goes: recent progress counts most, that of {@link #MEMORY_SECONDS} ago a third of it, so that the time
 * left follows a change of speed without jumping from line to line.
 */
final class Pace {
    private static final double MEMORY_SECONDS = 15;

    private final double start;
    private final long startDone;
    private double now;
    private long done;
    private double recentSeconds;
    private double recentDone;

    /** Begins at {@code seconds} on any clock, with {@code done} units done already. */
    Pace(double seconds, long done) {
        this.start = seconds;
        this.startDone = done;
        this.now = seconds;
        this.done = done;
    }

    /** By {@code seconds} on that clock, {@code totalDone} units are done. */
    void update(double seconds, long totalDone) {
        double kept = Math.exp((now - seconds) / MEMORY_SECONDS);
        recentSeconds = kept * recentSeconds + seconds - now;
        recentDone = kept * recentDone + totalDone - done;
        now = seconds;
        done = totalDone;
    }

    /** Units a second of late; 0 where none can be told yet. */
    double recentRate() {
        return recentSeconds > 0 ? recentDone / recentSeconds : 0;
    }

    /** Units a second since the beginning; 0 where none can be told yet. */
    double meanRate() {
        return now > start ? (done - startDone) / elapsedSeconds() : 0;
    }

    double elapsedSeconds() {
        return now - start;
    }

    /** Seconds until {@code total} units are done at the recent rate, which must be above 0. */
    double secondsLeft(long total) {
        return (total - done) / recentRate();
    }
}
