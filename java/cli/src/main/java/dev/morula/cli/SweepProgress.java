package dev.morula.cli;

import dev.morula.kernel.Progress;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.function.ToDoubleFunction;

/** Says on standard error, every few seconds, how far a sweep is. Networks report side by side. */
final class SweepProgress {
    private static final double INTERVAL_SECONDS = 3;

    /** The share of the widest below which the time goes into what does not grow with the square: measured from 32 to 512. */
    private static final double NARROW = 0.25;

    private final PrintWriter err;
    private final LongSupplier nanoTime;
    private final int runs;
    private final ToDoubleFunction<SweepPlan.Planned> cost;
    private final double allCost;
    private final double start;
    private final Map<SweepPlan.Planned, Double> training = new LinkedHashMap<>(); // share done of each
    private final Set<SweepPlan.Planned> analysed = new LinkedHashSet<>(); // their training is over
    private int done;
    private double costDone;
    private double lastLine = Double.NEGATIVE_INFINITY;

    /** Begins with {@code left} of {@code runs} networks to do. */
    SweepProgress(PrintWriter err, LongSupplier nanoTime, int runs, List<SweepPlan.Planned> left) {
        this.err = err;
        this.nanoTime = nanoTime;
        this.runs = runs;
        this.done = runs - left.size();
        this.cost = costs(left);
        this.allCost = left.stream().mapToDouble(cost).sum();
        this.start = seconds();
    }

    /** About how much work each of {@code runs} is beside the others. */
    static ToDoubleFunction<SweepPlan.Planned> costs(List<SweepPlan.Planned> runs) {
        double widest = runs.stream().mapToDouble(SweepProgress::width).max().orElse(0);
        double narrow = widest > 0 ? NARROW * widest : 1;
        return run -> run.settings().epochs() * Math.pow(narrow + width(run), 2);
    }

    private static double width(SweepPlan.Planned run) {
        return run.width() == null ? 0 : Double.parseDouble(run.width());
    }

    private double seconds() {
        return nanoTime.getAsLong() * 1e-9;
    }

    /** Hears how far {@code run}, which begins, is. */
    synchronized Progress begin(SweepPlan.Planned run) {
        training.put(run, 0.0);
        say(false);
        return (stage, part, total) -> {
            if (stage.name().equals("train") && total > 0) {
                update(run, Math.min(1, (double) part / total));
            }
        };
    }

    private synchronized void update(SweepPlan.Planned run, double share) {
        if (training.containsKey(run)) {
            training.put(run, share);
            say(false);
        }
    }

    /** Hears that {@code run} is trained, and is being analysed. */
    synchronized void trained(SweepPlan.Planned run) {
        training.remove(run);
        analysed.add(run);
        costDone += cost.applyAsDouble(run);
        say(true);
    }

    synchronized void end(SweepPlan.Planned run) {
        if (!analysed.remove(run)) { // it failed
            training.remove(run);
            costDone += cost.applyAsDouble(run);
        }
        done++;
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
        return named(", training ", training.keySet()) + named(", analysing ", analysed);
    }

    private static String named(String what, Set<SweepPlan.Planned> runs) {
        return runs.isEmpty()
                ? ""
                : what
                        + String.join(
                                ", ",
                                runs.stream().map(SweepPlan.Planned::folder).toList());
    }

    private String timeLeft(double elapsed) {
        double made = costDone;
        for (Map.Entry<SweepPlan.Planned, Double> run : training.entrySet()) {
            made += run.getValue() * cost.applyAsDouble(run.getKey());
        }
        return made == 0 || done == runs ? "" : ", " + Quantities.time(elapsed * (allCost - made) / made) + " left";
    }
}
