package dev.morula.cli;

import java.nio.file.Path;

/** What {@code morula dedupe} found, in a few sentences. */
final class DedupeText {
    private DedupeText() {}

    static String of(DedupeCertificate found, Path folder) {
        return String.format(
                "Of %s, %,d are kept and %,d removed as duplicates.%s%s%nFolder: %s",
                rows(found.rows()), found.kept(), found.merged(), promise(found), uncompared(found), folder);
    }

    private static String promise(DedupeCertificate found) {
        String correlation = (found.abs() ? "absolute " : "")
                + (found.metric().equals("cosine") ? "cosine similarity" : "Pearson correlation");
        String distinct =
                String.format(" No two kept rows have %s %s of %s or more", article(found), correlation, found.theta());
        return found.merged() == 0
                ? distinct + "."
                : distinct
                        + String.format(
                                "; every removed one has with the row that stands for it (%,d such, the largest group has %s).",
                                found.groups(), rows(found.largestGroup()));
    }

    private static String article(DedupeCertificate found) {
        return found.abs() ? "an" : "a";
    }

    /** Rows that are kept because nothing can be said of them. */
    private static String uncompared(DedupeCertificate found) {
        return (found.zero() > 0 ? " " + rows(found.zero()) + " of zeros kept uncompared." : "")
                + (found.constant() > 0 ? " " + rows(found.constant()) + " of one value kept uncompared." : "")
                + (found.nonFinite() > 0
                        ? " " + rows(found.nonFinite()) + " with NaN or infinity kept uncompared."
                        : "");
    }

    private static String rows(long count) {
        return String.format("%,d row%s", count, count == 1 ? "" : "s");
    }
}
