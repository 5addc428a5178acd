package dev.morula.redundancy.sweep;

import dev.morula.redundancy.Estimate;
import dev.morula.redundancy.SweepSummary.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Counts in how many comparisons a shape appears: it is seen if it does in more than half of them. */
final class Verdict {
    static final String SEEN = "seen";
    static final String NOT_SEEN = "not seen";
    static final String NOT_MEASURED = "not measured";

    private final String paper;
    private final String claim;
    private final List<String> evidence = new ArrayList<>();
    private int comparisons;
    private int seen;

    Verdict(String paper, String claim) {
        this.paper = paper;
        this.claim = claim;
    }

    /** Adds a comparison in which the shape appears or not, with its figures. */
    void add(boolean appears, String format, Object... figures) {
        comparisons++;
        seen += appears ? 1 : 0;
        evidence.add((appears ? "yes: " : "no: ") + String.format(Locale.ROOT, format, figures));
    }

    Shape shape(String whatItTakes) {
        if (comparisons == 0) {
            return new Shape(paper, claim, NOT_MEASURED, whatItTakes);
        }
        String summary = seen + " of " + comparisons + " comparisons. ";
        return new Shape(paper, claim, 2 * seen > comparisons ? SEEN : NOT_SEEN, summary + String.join("; ", evidence));
    }

    /** By how many standard errors of the difference {@code higher} is above {@code lower}; null if that is not known. */
    static Double standardErrorsAbove(Estimate higher, Estimate lower) {
        if (!isKnown(higher) || !isKnown(lower)) {
            return null;
        }
        double difference = higher.mean() - lower.mean();
        double error = Math.hypot(higher.standardError(), lower.standardError());
        return error > 0 ? Double.valueOf(difference / error) : difference == 0 ? 0 : Math.signum(difference) * 1e9;
    }

    private static boolean isKnown(Estimate estimate) {
        return estimate != null && estimate.mean() != null && estimate.standardError() != null;
    }

    /** Such as "0.12 (0.01)": mean and standard error. */
    static String text(Estimate estimate) {
        if (estimate == null || estimate.mean() == null) {
            return "none";
        }
        String mean = String.format(Locale.ROOT, "%.3g", estimate.mean());
        return estimate.standardError() == null
                ? mean
                : mean + String.format(Locale.ROOT, " (%.2g)", estimate.standardError());
    }
}
