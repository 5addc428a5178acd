package dev.morula.report;

import static dev.morula.report.Html.escape;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A chart with its data.
 *
 * @param name of the place on the page and of the CSV file
 * @param title what is seen
 * @param how to read it
 */
record Chart(String name, String title, String how, DataTable table, Plot plot) implements Block {
    /** Whether there is anything to draw. */
    boolean hasData() {
        return plot.columns().stream().anyMatch(table::has);
    }

    /** The names of the panels, or nothing if one place is enough. */
    List<String> panels() {
        List<String> panels = plot.panel() == null
                ? List.of()
                : table.distinct(plot.panel()).stream().map(Object::toString).toList();
        int left = Math.max(0, panels.size() - plot.mostPanels());
        return panels.size() > 1 ? panels.subList(left, panels.size()) : List.of();
    }

    @Override
    public String html() {
        String places = panels().isEmpty()
                ? place(name, name + "-title")
                : IntStream.range(0, panels().size())
                        .mapToObj(this::panel)
                        .collect(Collectors.joining("\n", "<div class=\"panels\">\n", "\n</div>"));
        return """
                <figure class="card"><h3 id="%1$s-title">%2$s</h3><p class="how" id="%1$s-how">%3$s</p>
                %4$s
                %5$s</figure>
                """.formatted(name, escape(title), escape(how), places, link());
    }

    private String panel(int index) {
        String place = name + "-" + index;
        return "<div><h4 id=\"%s-title\">%s</h4>%s</div>"
                .formatted(place, escape(panels().get(index)), place(place, name + "-title " + place + "-title"));
    }

    private String place(String id, String labels) {
        return "<div class=\"chart\" id=\"%s\" role=\"group\" aria-labelledby=\"%s\" aria-describedby=\"%s-how\"></div>"
                .formatted(id, labels, name);
    }

    /** What charts.js reads. */
    Map<String, Object> json() {
        return Map.of("name", name, "title", title, "panels", panels(), "plot", plot, "rows", table.maps());
    }
}
