package dev.morula.cli;

import dev.morula.correlate.StageReport;
import java.util.List;
import java.util.Map;

/**
 * What {@code morula dedupe} promises of its other files, and what that rests on: certificate.json.
 *
 * @param version of Morula
 * @param date when the rows were decided, in UTC
 * @param input the files that the rows were read from
 * @param abs whether the absolute value of the correlation was compared
 * @param theta the threshold
 * @param rows all rows of the input
 * @param samples values a row, d
 * @param kept rows to keep, those without a correlation among them
 * @param merged rows that another one stands for
 * @param groups kept rows that stand for others
 * @param largestGroup rows of the largest group, the kept one among them
 * @param zero rows that are 0 throughout and have no correlation
 * @param constant rows that are constant otherwise and have no correlation (Pearson only)
 * @param nonFinite rows with a NaN or infinity, left out on demand
 * @param exact what was decided exactly, in one sentence
 * @param largestCorrelationError bound on the error of every correlation in merge.json
 * @param pairs pairs of rows that have a correlation
 * @param stages how these were decided
 * @param tier of the processor that was used
 * @param seconds wall-clock seconds by stage
 */
record DedupeCertificate(
        String version,
        String date,
        List<InputHash> input,
        String layout,
        String metric,
        boolean abs,
        double theta,
        long rows,
        long samples,
        long kept,
        long merged,
        long groups,
        long largestGroup,
        long zero,
        long constant,
        long nonFinite,
        String exact,
        double largestCorrelationError,
        long pairs,
        List<StageReport> stages,
        String device,
        String tier,
        int threads,
        Map<String, Double> seconds) {

    /** What the engine promises of every stored correlation. */
    static final double LARGEST_CORRELATION_ERROR = 1e-6;

    static final String EXACT =
            "The real-number correlation of the stored values of every removed row with its representative reaches theta, "
                    + "and that of no two kept rows does, ties reaching it; rows without a correlation are kept.";
}
