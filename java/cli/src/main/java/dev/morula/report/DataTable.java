package dev.morula.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Rows of numbers and names: what a chart draws, and the CSV file beside it. A value that is not there is null. */
final class DataTable {
    private final List<String> columns;
    private final List<List<Object>> rows = new ArrayList<>();

    private DataTable(List<String> columns) {
        this.columns = columns;
    }

    static DataTable of(String... columns) {
        return new DataTable(List.of(columns));
    }

    /** Appends a row; numbers that are not finite are values that are not there. */
    DataTable add(Object... values) {
        if (values.length != columns.size()) {
            throw new IllegalArgumentException(values.length + " values for the columns " + columns);
        }
        rows.add(Arrays.asList(Arrays.stream(values).map(DataTable::finite).toArray()));
        return this;
    }

    private static Object finite(Object value) {
        return value instanceof Double number && !Double.isFinite(number) ? null : value;
    }

    boolean isEmpty() {
        return rows.isEmpty();
    }

    /** The different values of a column, in the order of the rows; nulls are left out. */
    List<Object> distinct(String column) {
        int index = columns.indexOf(column);
        return rows.stream()
                .map(row -> row.get(index))
                .filter(value -> value != null)
                .distinct()
                .toList();
    }

    /** Whether a column has a value in any row. */
    boolean has(String column) {
        return !distinct(column).isEmpty();
    }

    /** A map a row, without the values that are not there. */
    List<Map<String, Object>> maps() {
        return rows.stream().map(this::map).toList();
    }

    private Map<String, Object> map(List<Object> row) {
        Map<String, Object> map = new LinkedHashMap<>();
        for (int column = 0; column < columns.size(); column++) {
            if (row.get(column) != null) {
                map.put(columns.get(column), row.get(column));
            }
        }
        return map;
    }

    /** As CSV (RFC 4180) with a line of names; numbers are written in full, and a value that is not there is empty. */
    String csv() {
        return line(columns) + rows.stream().map(DataTable::line).collect(Collectors.joining());
    }

    private static String line(List<?> values) {
        return values.stream().map(DataTable::field).collect(Collectors.joining(",", "", "\n"));
    }

    private static String field(Object value) {
        if (value == null) {
            return "";
        }
        if (value instanceof Double number && number == Math.rint(number) && Math.abs(number) < 1e15) {
            return Long.toString(number.longValue());
        }
        String text = value.toString();
        return text.matches("(?s).*[\",\r\n].*") ? "\"" + text.replace("\"", "\"\"") + "\"" : text;
    }
}
