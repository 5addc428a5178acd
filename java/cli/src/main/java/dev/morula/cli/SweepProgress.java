package dev.morula.cli;

import dev.morula.kernel.Progress;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;

/** Says on standard error, every few seconds, how far a sweep is. Networks report side by side. */
final class SweepProgress {
    private static final double INTERVAL_SECONDS = 3;

    /** For a narrow network the time goes into what does not grow with its square: measured widths 32 to 512. */
    private static final double WIDTH_OF_EQUAL_COST = 128;

    private final PrintWriter err;
    private final LongSupplier nanoTime;
    private final int runs;
    private final double allCost;
    private final double start;
    private final Map<SweepPlan.Planned, Double> running = new LinkedHashMap<>(); // share done of each
    private int done;
    private double costDone;
    private double lastLine = Double.NEGATIVE_INFINITY;

    /** Begins with {@code left} of {@code runs} networks to do. */
    SweepProgress(PrintWriter err, LongSupplier nanoTime, int runs, List<SweepPlan.Planned> left) {
        this.err = err;
        this.nanoTime = nanoTime;
        this.runs = runs;
        this.done = runs - left.size();
        this.allCost = left.stream().mapToDouble(SweepProgress::cost).sum();
        this.start = seconds();
    }

    /** About how much work a network is beside others of its sweep. */
    static double cost(SweepPlan.Planned run) {
        double width = WIDTH_OF_EQUAL_COST + (run.width() == null ? 0 : Double.parseDouble(run.width()));
        return run.settings().epochs() * width * width;
    }

    private double seconds() {
        return nanoTime.getAsLong() * 1e-9;
    }

    /** Hears how far {@code run}, which begins, is. */
    synchronized Progress begin(SweepPlan.Planned run) {
        running.put(run, 0.0);
        say(false);
        return (stage, part, total) -> {
            if (stage.name().equals("train") && total > 0) {
                update(run, Math.min(1, (double) part / total));
            }
        };
    }

    private synchronized void update(SweepPlan.Planned run, double share) {
        if (running.containsKey(run)) {
            running.put(run, share);
            say(false);
        }
    }

    synchronized void end(SweepPlan.Planned run) {
        running.remove(run);
        done++;
        costDone += cost(run);
        say(done == runs);
    }

    private void say(boolean always) {
        double now = seconds();
        if (!always && now - lastLine < INTERVAL_SECONDS) {
            return;
        }
        lastLine = now;
        err.println("sweep: " + done + " of " + runs + " runs done" + whatRuns() + timeLeft(now - start));
        err.flush();
    }

    private String whatRuns() {
        String names = String.join(
                ", ", running.keySet().stream().map(SweepPlan.Planned::folder).toList());
        return names.isEmpty() ? "" : ", running " + names;
    }

    private String timeLeft(double elapsed) {
        double cost = costDone;
        for (Map.Entry<SweepPlan.Planned, Double> run : running.entrySet()) {
            cost += run.getValue() * cost(run.getKey());
        }
        return cost == 0 || done == runs ? "" : ", " + Quantities.time(elapsed * (allCost - cost) / cost) + " left";
    }
}
