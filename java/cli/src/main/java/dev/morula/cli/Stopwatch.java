package dev.morula.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

/** Wall-clock seconds by stage, in the order in which the stages ended. */
final class Stopwatch {
    private final Map<String, Double> seconds = new LinkedHashMap<>();

    <T> T time(String stage, Supplier<T> work) {
        long start = System.nanoTime();
        try {
            return work.get();
        } finally {
            double elapsed = (System.nanoTime() - start) * 1e-9;
            add(stage, Math.round(elapsed * 1e4) / 1e4);
        }
    }

    void run(String stage, Runnable work) {
        time(stage, () -> {
            work.run();
            return null;
        });
    }

    void add(String stage, double elapsed) {
        seconds.merge(stage, elapsed, Double::sum);
    }

    Map<String, Double> seconds() {
        return new LinkedHashMap<>(seconds);
    }
}
