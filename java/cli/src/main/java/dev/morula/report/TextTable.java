package dev.morula.report;

import static dev.morula.report.Html.escape;

import java.util.List;
import java.util.stream.Collectors;

/**
 * A table to read, with the same as data.
 *
 * @param name of the CSV file
 * @param headings of the columns
 * @param rows cells as text
 * @param style {@link #NUMBERS} or {@link #WORDS}
 */
record TextTable(
        String name,
        String title,
        String how,
        DataTable table,
        List<String> headings,
        List<List<String>> rows,
        String style)
        implements Block {
    /** A column of names, and numbers to compare from row to row. */
    static final String NUMBERS = "figures";

    /** Sentences: on a narrow page each row is a block of lines. */
    static final String WORDS = "words";

    @Override
    public String html() {
        return """
                <div class="card"><h3>%s</h3><p class="how">%s</p>
                %s%s</div>
                """.formatted(escape(title), escape(how), rows.isEmpty() ? "" : body(), link());
    }

    private String body() {
        return """
                <div class="scroll" tabindex="0" role="region" aria-label="%s"><table class="%s">
                <thead><tr>%s</tr></thead>
                <tbody>
                %s
                </tbody></table></div>
                """.formatted(
                        escape(title),
                        style,
                        headings.stream()
                                .map(heading -> "<th>" + escape(heading) + "</th>")
                                .collect(Collectors.joining()),
                        rows.stream().map(this::row).collect(Collectors.joining("\n")));
    }

    private String row(List<String> cells) {
        return cells.stream()
                .map(cell -> "<td%s>%s</td>".formatted(kind(cell), escape(cell)))
                .collect(Collectors.joining("", "<tr>", "</tr>"));
    }

    /** Verdicts stand out. */
    private static String kind(String cell) {
        return switch (cell) {
            case "seen" -> " class=\"seen\"";
            case "not seen" -> " class=\"unseen\"";
            default -> "";
        };
    }
}
