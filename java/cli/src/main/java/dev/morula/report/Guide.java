package dev.morula.report;

import com.fasterxml.jackson.annotation.JsonInclude;

/**
 * What a chart shows behind its data: a line from (x, y) to (x2, y2), or a band between two values of one axis, which is a
 * rule where they are equal.
 *
 * @param panel the panel that it belongs to, or null for all
 * @param series the series whose colour a line has, or null for none
 * @param label what is written beside it, or null
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record Guide(String panel, String series, Double x, Double y, Double x2, Double y2, String label) {
    /** A band over the x axis. */
    static Guide across(String panel, double from, double to, String label) {
        return new Guide(panel, null, from, null, to, null, label);
    }

    /** A band over the y axis. */
    static Guide along(double from, double to, String label) {
        return new Guide(null, null, null, from, null, to, label);
    }

    static Guide line(String panel, String series, double x, double y, double x2, double y2, String label) {
        return new Guide(panel, series, x, y, x2, y2, label);
    }
}
