package dev.morula.report;

import static dev.morula.report.Html.escape;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/**
 * What all pages share: the template with styles, chart code and chart libraries.
 *
 * @param title as text
 * @param summary as text
 * @param tiles as HTML
 * @param content as HTML
 * @param terms name of the resource that explains the words of the page
 * @param data of the charts, as JSON
 */
record PageFrame(String title, String summary, String tiles, String content, String terms, String data) {
    String html() {
        Map<String, String> values = new HashMap<>();
        values.put("title", escape(title));
        values.put("summary", escape(summary));
        values.put("tiles", tiles);
        values.put("content", content);
        values.put("terms", resource(terms));
        values.put("data", Html.scriptJson(data));
        values.put("style", resource("report.css"));
        values.put("charts", resource("charts.js"));
        values.put("vega", Html.scriptLibrary(resource("vega.min.js")));
        values.put("vega-lite", Html.scriptLibrary(resource("vega-lite.min.js")));
        values.put("vega-embed", Html.scriptLibrary(resource("vega-embed.min.js")));
        values.put("licences", escape(resource("libraries.txt")));
        return Html.fill(resource("report.html"), values);
    }

    private static String resource(String name) {
        try (InputStream input = PageFrame.class.getResourceAsStream(name)) {
            if (input == null) {
                throw new IllegalStateException("dev/morula/report/" + name + " is missing from the jar");
            }
            return new String(input.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
