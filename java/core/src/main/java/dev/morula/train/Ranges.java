package dev.morula.train;

import java.util.ArrayList;
import java.util.List;

/**
 * Shares out a pass over a batch by ranges of elements, rows or samples, which depend on sizes alone. A device that computes
 * whole operations is given one range.
 */
final class Ranges {
    /** Numbers of a range: handing less to another worker takes longer than doing it, and so much fits any L2 cache. */
    private static final long NUMBERS = 1 << 16;

    private Ranges() {}

    /** What is done to {@code count} items from {@code first} on. */
    @FunctionalInterface
    interface Pass {
        void run(long first, long count, int worker);
    }

    /** Runs {@code pass} over all of {@code items}, which have {@code width} numbers each. */
    static void forEach(Site site, long items, long width, Pass pass) {
        long length = length(site, items, width);
        site.workers()
                .forEach(
                        parts(items, length),
                        (part, worker) -> pass.run(part * length, Math.min(length, items - part * length), worker));
    }

    /** The same as tasks. */
    static List<Task> tasks(Site site, long items, long width, Pass pass) {
        long length = length(site, items, width);
        List<Task> tasks = new ArrayList<>();
        for (long first = 0; first < items; first += length) {
            long from = first;
            tasks.add(worker -> pass.run(from, Math.min(length, items - from), worker));
        }
        return tasks;
    }

    private static long length(Site site, long items, long width) {
        return site.kernels().computesWholeOperations() ? items : Math.max(1, NUMBERS / width);
    }

    private static long parts(long items, long length) {
        return (items + length - 1) / length;
    }
}
