package dev.morula.redundancy.sweep;

import dev.morula.redundancy.Estimate;
import dev.morula.redundancy.SweepSummary.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Counts in how many comparisons a shape appears: it is seen if it does in more than half of them. As evidence it shows one
 * comparison that agrees with the verdict, and up to two that do not.
 */
final class Verdict {
    static final String SEEN = "seen";
    static final String NOT_SEEN = "not seen";
    static final String NOT_MEASURED = "not measured";

    private static final int MOST_EXCEPTIONS = 2;

    private final String paper;
    private final String claim;
    private final List<String> with = new ArrayList<>();
    private final List<String> without = new ArrayList<>();
    private final List<String> comparisons = new ArrayList<>();

    Verdict(String paper, String claim) {
        this.paper = paper;
        this.claim = claim;
    }

    /** Adds a comparison in which the shape appears or not, with its figures. */
    void add(boolean appears, String format, Object... figures) {
        String text = String.format(Locale.ROOT, format, figures);
        (appears ? with : without).add(text);
        comparisons.add((appears ? "yes: " : "no: ") + text);
    }

    Shape shape(String whatItTakes) {
        if (comparisons.isEmpty()) {
            return new Shape(paper, claim, NOT_MEASURED, whatItTakes, List.of());
        }
        boolean seen = with.size() > without.size();
        String evidence = String.format(
                "%d of %d comparison%s.%s%s",
                with.size(),
                comparisons.size(),
                comparisons.size() == 1 ? "" : "s",
                last("Yes", with, seen ? 1 : MOST_EXCEPTIONS),
                last("No", without, seen ? MOST_EXCEPTIONS : 1));
        return new Shape(paper, claim, seen ? SEEN : NOT_SEEN, evidence, comparisons);
    }

    /** The last ones, which are of the widest or deepest networks; empty if there is none. */
    private static String last(String answer, List<String> texts, int most) {
        List<String> shown = texts.subList(Math.max(0, texts.size() - most), texts.size());
        return shown.isEmpty() ? "" : " " + answer + ": " + String.join("; ", shown) + ".";
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
