package dev.morula.kernel;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The peak of this process's anonymous memory (heap, off-heap, stacks; not mapped files) while it is open. Linux keeps no
 * such peak, so a daemon thread reads RssAnon every 10 ms: a shorter peak may be missed.
 */
public final class PeakMemory implements AutoCloseable {
    private static final Path STATUS = Path.of("/proc/self/status");
    private static final long INTERVAL_MILLIS = 10;

    private final Thread sampler = new Thread(this::sample, "morula-peak-memory");
    private long peak;

    private PeakMemory() {}

    /** Begins to sample. */
    public static PeakMemory open() {
        PeakMemory memory = new PeakMemory();
        memory.update();
        memory.sampler.setDaemon(true);
        memory.sampler.start();
        return memory;
    }

    /** Bytes of anonymous memory that this process has now; 0 where the system does not say. */
    public static long anonymousBytes() {
        try {
            for (String line : Files.readAllLines(STATUS)) {
                if (line.startsWith("RssAnon:")) {
                    return Long.parseLong(line.replaceAll("\\D", "")) * 1024;
                }
            }
            return 0;
        } catch (IOException e) {
            return 0; // not Linux
        }
    }

    /** The highest figure seen since this was opened, in bytes. */
    public long peakBytes() {
        update();
        synchronized (this) {
            return peak;
        }
    }

    private void update() {
        long now = anonymousBytes();
        synchronized (this) {
            peak = Math.max(peak, now);
        }
    }

    private void sample() {
        try {
            while (true) {
                Thread.sleep(INTERVAL_MILLIS);
                update();
            }
        } catch (InterruptedException e) {
            // closed
        }
    }

    /** Ends the sampling; {@link #peakBytes()} stays readable. */
    @Override
    public void close() {
        sampler.interrupt();
    }
}
