package dev.morula.redundancy.chunks;

import dev.morula.redundancy.SweepSummary.Interval;
import java.util.Arrays;

/** Bounds of bootstrap intervals. */
final class Percentiles {
    private Percentiles() {}

    /**
     * {@code value} between the percentiles 2.5 and 97.5 of {@code draws}. Infinity is a draw that has no value; a bound
     * that falls among those is null.
     */
    static Interval interval(double value, double[] draws) {
        double[] sorted = draws.clone();
        Arrays.sort(sorted);
        return new Interval(value, at(sorted, 0.025), at(sorted, 0.975));
    }

    private static Double at(double[] sorted, double share) {
        double position = share * (sorted.length - 1);
        int below = (int) position;
        int above = Math.min(below + 1, sorted.length - 1);
        double weight = position - below;
        if (Double.isInfinite(sorted[below]) || weight > 0 && Double.isInfinite(sorted[above])) {
            return null;
        }
        return weight == 0 ? sorted[below] : sorted[below] + weight * (sorted[above] - sorted[below]);
    }
}
