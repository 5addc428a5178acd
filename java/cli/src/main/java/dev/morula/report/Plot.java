package dev.morula.report;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** How a chart draws its rows: the instructions that charts.js follows. */
final class Plot {
    private final Map<String, Object> instructions = new LinkedHashMap<>();
    private final List<Map<String, String>> measures = new ArrayList<>();
    private final List<Guide> guides = new ArrayList<>();

    private Plot(String kind) {
        instructions.put("kind", kind);
        instructions.put("measures", measures);
        instructions.put("guides", guides);
    }

    /** Lines through points: columns by {@code column}. */
    static Plot lines(String column, Axis x, Axis left) {
        Plot plot = new Plot("lines");
        plot.instructions.put("column", column);
        plot.instructions.put("x", x);
        plot.instructions.put("left", left);
        return plot;
    }

    /** A dendrogram: rows are nodes. */
    static Plot tree(Axis left) {
        Plot plot = new Plot("tree");
        plot.instructions.put("left", left);
        return plot;
    }

    /** A second axis for some of the measures. */
    Plot right(Axis right) {
        instructions.put("right", right);
        return this;
    }

    /** Draws a column against the left axis, with the column of its standard error. */
    Plot measure(String column, String standardError, String name) {
        return measure("left", column, standardError, name);
    }

    /** Draws a column against the right axis, with the column of its standard error. */
    Plot measureRight(String column, String standardError, String name) {
        return measure("right", column, standardError, name);
    }

    /** Draws a column against the left axis, with the columns that bound its interval. */
    Plot interval(String column, String low, String high) {
        measures.add(Map.of("side", "left", "column", column, "low", low, "high", high));
        return this;
    }

    private Plot measure(String side, String column, String standardError, String name) {
        Map<String, String> measure = new LinkedHashMap<>(Map.of("side", side, "column", column, "name", name));
        if (standardError != null) {
            measure.put("error", standardError);
        }
        measures.add(measure);
        return this;
    }

    /** One line for each value of a column, under a legend of that title. */
    Plot series(String column, String title) {
        instructions.put("series", column);
        instructions.put("seriesTitle", title);
        return this;
    }

    /** One panel for each value of a column; all have the same axes. */
    Plot panels(String column) {
        instructions.put("panel", column);
        return this;
    }

    /** Draws the last panels alone, where there are more. */
    Plot mostPanels(int most) {
        instructions.put("mostPanels", most);
        return this;
    }

    /** Leaves the lines between the points out. */
    Plot pointsOnly() {
        instructions.put("pointsOnly", true);
        return this;
    }

    Plot guide(Guide guide) {
        guides.add(guide);
        return this;
    }

    Plot guides(List<Guide> more) {
        guides.addAll(more);
        return this;
    }

    /** The column that tells panels apart, or null. */
    String panel() {
        return (String) instructions.get("panel");
    }

    int mostPanels() {
        return (int) instructions.getOrDefault("mostPanels", Integer.MAX_VALUE);
    }

    List<String> columns() {
        return measures.stream().map(measure -> measure.get("column")).toList();
    }

    @JsonValue
    Map<String, Object> instructions() {
        return instructions;
    }
}
