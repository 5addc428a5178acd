package dev.morula.report;

import dev.morula.redundancy.Estimate;
import dev.morula.redundancy.SweepSummary.Group;
import dev.morula.redundancy.SweepSummary.Interval;
import dev.morula.redundancy.SweepSummary.PowerLaw;
import dev.morula.redundancy.SweepSummary.SizeSummary;
import java.util.List;
import java.util.Objects;

/** Reads values of a sweep that may be absent, and chooses how its charts tell lines and panels apart. */
final class Swept {
    private Swept() {}

    /** The law of chunk errors towards the ensemble's error, as the paper has it, where there are several seeds. */
    static PowerLaw law(Group group) {
        return group.lawOfEnsemble() != null ? group.lawOfEnsemble() : group.law();
    }

    static Double mean(Estimate estimate) {
        return estimate == null ? null : estimate.mean();
    }

    static Double standardError(Estimate estimate) {
        return estimate == null ? null : estimate.standardError();
    }

    static Double value(Interval interval) {
        return interval == null ? null : interval.value();
    }

    static Double low(Interval interval) {
        return interval == null ? null : interval.low();
    }

    static Double high(Interval interval) {
        return interval == null ? null : interval.high();
    }

    /** Sizes of chunks, the smallest first. */
    static List<SizeSummary> sizes(Group group) {
        return group.sizes() == null
                ? List.of()
                : group.sizes().stream()
                        .filter(Objects::nonNull)
                        .sorted((one, other) -> Integer.compare(one.size(), other.size()))
                        .toList();
    }

    /** Lines by {@code series} and panels by variant; lines by variant where there is one series only. */
    static Plot arranged(Plot plot, DataTable rows, String series, String title) {
        boolean oneSeries = rows.distinct(series).size() < 2;
        boolean oneVariant = rows.distinct("variant").size() < 2;
        if (oneSeries && !oneVariant) {
            return plot.series("variant", "");
        }
        Plot told = oneSeries ? plot : plot.series(series, title);
        return oneVariant ? told : told.panels("variant");
    }

    /** "0.43 ± 0.02", the mean with its standard error. */
    static String text(Estimate estimate) {
        Double error = standardError(estimate);
        return Numbers.value(mean(estimate)) + (error == null ? "" : " ± " + Numbers.value(error));
    }

    /** "5.31% ± 0.12", the mean with its standard error in percentage points. */
    static String percent(Estimate estimate) {
        Double error = standardError(estimate);
        return Numbers.share(mean(estimate)) + (error == null ? "" : " ± " + Numbers.value(round(100 * error)));
    }

    private static double round(double points) {
        return Math.round(points * 1000) / 1000.0;
    }

    /** "16 (14 to 19)", the value with its interval. */
    static String text(Interval interval) {
        if (value(interval) == null) {
            return "none";
        }
        String bounds = interval.low() == null || interval.high() == null
                ? ""
                : " (" + Numbers.value(interval.low()) + " to " + Numbers.value(interval.high()) + ")";
        return Numbers.value(interval.value()) + bounds;
    }
}
