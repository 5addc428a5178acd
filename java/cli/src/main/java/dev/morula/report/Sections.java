package dev.morula.report;

import static dev.morula.report.Html.escape;

import dev.morula.report.Tiles.Tile;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/** The parts of the page that are text and tables; each is empty where the run has nothing for it. */
final class Sections {
    /** A number of more characters is set smaller, so that it stays in its tile. */
    private static final int WIDE_TILE = 10;

    private Sections() {}

    static String section(String title, String content) {
        return content.isEmpty() ? "" : "<section><h2>" + title + "</h2>\n" + content + "</section>\n";
    }

    static String tiles(List<Tile> tiles) {
        return tiles.isEmpty()
                ? ""
                : tiles.stream()
                        .map(Sections::tile)
                        .collect(Collectors.joining("\n", "<dl class=\"tiles\">\n", "\n</dl>"));
    }

    private static String tile(Tile tile) {
        String style = tile.value().length() > WIDE_TILE ? " class=\"long\"" : "";
        return "<div class=\"tile\"><dt>%s</dt><dd><b%s>%s</b><small>%s</small></dd></div>"
                .formatted(escape(tile.name()), style, escape(tile.value()), escape(tile.note()));
    }

    static String clusterTable(List<LargeCluster> clusters) {
        if (clusters.isEmpty()) {
            return "";
        }
        String rows = clusters.stream()
                .map(cluster -> "<tr><td>%s</td><td>%s</td><td>%s</td><td class=\"members\">%s</td></tr>"
                        .formatted(
                                Numbers.count(cluster.representative()),
                                Numbers.count(cluster.size()),
                                Numbers.correlation(cluster.meanCorrelation()),
                                members(cluster)))
                .collect(Collectors.joining("\n"));
        return """
                <div class="card"><h3>The largest clusters</h3>
                <p class="how">Neurons are named by their index in the layer, from 0.</p>
                <div class="scroll" tabindex="0" role="region" aria-label="The largest clusters"><table class="clusters">
                <thead><tr><th>Represen\u00adtative</th><th>Neurons</th><th>Mean corre\u00adlation with it</th>\
                <th class="members">Some members</th></tr></thead>
                <tbody>
                %s
                </tbody></table></div></div>
                """.formatted(rows);
    }

    private static String members(LargeCluster cluster) {
        String some = LongStream.of(cluster.members()).mapToObj(Numbers::count).collect(Collectors.joining(" · "));
        return cluster.size() - 1 > cluster.members().length ? some + " · …" : some;
    }

    static String seconds(Map<String, Double> seconds) {
        if (seconds.isEmpty()) {
            return "";
        }
        double total =
                seconds.values().stream().mapToDouble(Double::doubleValue).sum();
        String rows = seconds.entrySet().stream()
                .map(stage -> secondsRow(stage.getKey(), stage.getValue(), stage.getValue() / total))
                .collect(Collectors.joining("\n"));
        return """
                <section><h2>Time</h2><div class="card"><table class="seconds">
                <thead><tr><th>Stage</th><th>Wall clock</th><th class="bar">Share</th></tr></thead>
                <tbody>
                %s
                </tbody>
                <tfoot><tr><td>all stages</td><td>%s</td><td></td></tr></tfoot>
                </table></div></section>
                """.formatted(rows, Numbers.seconds(total));
    }

    private static String secondsRow(String stage, double seconds, double share) {
        return "<tr><td>%s</td><td>%s</td><td class=\"bar\"><i style=\"width:%s%%\"></i></td></tr>"
                .formatted(
                        escape(stage),
                        Numbers.seconds(seconds),
                        String.format(Locale.ROOT, "%.1f", Double.isFinite(share) ? 100 * share : 0));
    }

    static String settings(List<SettingsGroup> groups) {
        if (groups.isEmpty()) {
            return "";
        }
        String tables = groups.stream().map(Sections::settingsTable).collect(Collectors.joining("\n"));
        return "<section><h2>How this run was made</h2><div class=\"groups\">\n" + tables + "\n</div></section>\n";
    }

    private static String settingsTable(SettingsGroup group) {
        String rows = group.values().entrySet().stream()
                .map(setting ->
                        "<dt>%s</dt><dd>%s</dd>".formatted(escape(setting.getKey()), escape(setting.getValue())))
                .collect(Collectors.joining("\n"));
        return "<div class=\"card\"><h3>%s</h3><dl class=\"settings\">\n%s\n</dl></div>"
                .formatted(escape(group.name()), rows);
    }

    static String missing(RunReport report) {
        return notes(MissingSection.of(report).stream()
                .map(section ->
                        "%s: <code>%s</code> adds %s.".formatted(section.title, section.command, section.pronoun))
                .toList());
    }

    /** What a page lacks; notes are HTML. */
    static String notes(List<String> notes) {
        return notes.isEmpty()
                ? ""
                : section(
                        "Not in this report",
                        notes.stream()
                                .map(note -> "<li>" + note + "</li>")
                                .collect(Collectors.joining("\n", "<ul class=\"card missing\">\n", "\n</ul>")));
    }
}
