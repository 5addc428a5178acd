package dev.morula.report;

import static dev.morula.report.Sections.section;

/** The page of a run. */
final class ReportPage {
    private ReportPage() {}

    static String html(RunReport report) {
        String content = clusters(report)
                + correlations(report)
                + training(report.training())
                + Sections.seconds(report.seconds())
                + Sections.settings(report.settings())
                + Sections.missing(report);
        return new PageFrame(
                        report.title(),
                        Sentences.summary(report.headline()),
                        Sections.tiles(Tiles.of(report.headline())),
                        content,
                        "run-terms.html",
                        ChartData.json(report))
                .html();
    }

    private static String clusters(RunReport report) {
        Headline.Clusters clusters = report.headline().clusters();
        String figures = (clusters == null ? "" : Figures.clusterSizes(clusters))
                + Sections.clusterTable(report.largestClusters());
        return section("Clusters", figures);
    }

    private static String correlations(RunReport report) {
        String figures = (report.histogram() == null ? "" : Figures.histogram(report.histogram(), report.headline()))
                + (report.matrix() == null ? "" : Figures.matrix(report.matrix()));
        return section("Correlations", figures);
    }

    private static String training(TrainingCurves training) {
        return training == null || training.epochs().isEmpty()
                ? ""
                : section("Training", "<div class=\"charts\">" + Figures.training(training) + "</div>");
    }
}
