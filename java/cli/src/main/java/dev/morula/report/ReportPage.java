package dev.morula.report;

import static dev.morula.report.Html.escape;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/** Puts a report, the template and the chart libraries together into one page. */
final class ReportPage {
    private ReportPage() {}

    static String html(RunReport report) {
        Map<String, String> values = new HashMap<>();
        values.put("title", escape(report.title()));
        values.put("summary", escape(Sentences.summary(report.headline())));
        values.put("tiles", Sections.tiles(report.headline()));
        values.put("clusters", clusters(report));
        values.put("correlations", correlations(report));
        values.put("training", training(report.training()));
        values.put("seconds", Sections.seconds(report.seconds()));
        values.put("settings", Sections.settings(report.settings()));
        values.put("missing", Sections.missing(report));
        values.put("data", Html.scriptJson(ChartData.json(report)));
        values.put("style", resource("report.css"));
        values.put("charts", resource("charts.js"));
        values.put("vega", Html.scriptLibrary(resource("vega.min.js")));
        values.put("vega-lite", Html.scriptLibrary(resource("vega-lite.min.js")));
        values.put("vega-embed", Html.scriptLibrary(resource("vega-embed.min.js")));
        values.put("licences", escape(resource("libraries.txt")));
        return Html.fill(resource("report.html"), values);
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

    private static String section(String title, String content) {
        return content.isEmpty() ? "" : "<section><h2>" + title + "</h2>\n" + content + "</section>\n";
    }

    private static String resource(String name) {
        try (InputStream input = ReportPage.class.getResourceAsStream(name)) {
            if (input == null) {
                throw new IllegalStateException("dev/morula/report/" + name + " is missing from the jar");
            }
            return new String(input.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
