package dev.morula.report;

import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;

/** What a report can lack, and the command that would add it. */
enum MissingSection {
    CORRELATIONS(
            "Neurons and correlated pairs",
            "morula correlate",
            "them",
            report -> report.headline().layer() == null || report.headline().graph() == null),
    CLUSTERS(
            "Clusters of neurons",
            "morula cluster",
            "them",
            report -> report.headline().clusters() == null),
    HISTOGRAM("The histogram of correlations", "morula report", "it", report -> report.histogram() == null),
    MATRIX("The picture of the correlation matrix", "morula report", "it", report -> report.matrix() == null),
    TRAINING(
            "Training curves",
            "morula train",
            "them",
            report -> report.training() == null || report.training().epochs().isEmpty()),
    ERRORS(
            "Train and test error",
            "morula train",
            "them",
            report -> report.headline().errors() == null),
    SETTINGS("The settings of the run", "morula train", "them", report -> report.settings()
            .isEmpty());

    final String title;
    final String command;
    final String pronoun;
    private final Predicate<RunReport> missing;

    MissingSection(String title, String command, String pronoun, Predicate<RunReport> missing) {
        this.title = title;
        this.command = command;
        this.pronoun = pronoun;
        this.missing = missing;
    }

    static List<MissingSection> of(RunReport report) {
        return Arrays.stream(values())
                .filter(section -> section.missing.test(report))
                .toList();
    }
}
