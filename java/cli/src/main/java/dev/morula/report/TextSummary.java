package dev.morula.report;

import dev.morula.report.Tiles.Tile;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The table that a command prints when it is done: names on the left, numbers aligned on the right, notes behind. */
public final class TextSummary {
    private static final int MOST_SIZES = 5;

    private TextSummary() {}

    /** The table, each line ended by a newline; empty where nothing is known. */
    public static String of(Headline headline, Map<String, Double> secondsByStage) {
        List<Tile> rows = new ArrayList<>(Tiles.of(headline));
        if (headline.clusters() != null && headline.clusters().count() > 1) {
            rows.add(new Tile("Cluster sizes", "", largest(headline.clusters().sizes())));
        }
        secondsByStage.forEach((stage, seconds) -> rows.add(new Tile("Time: " + stage, Numbers.seconds(seconds), "")));
        int names = width(rows.stream().map(Tile::name).toList());
        int values = width(rows.stream().map(Tile::value).toList());
        return rows.stream().map(row -> line(row, names, values)).collect(Collectors.joining());
    }

    private static String largest(int[] descending) {
        String sizes = Arrays.stream(descending)
                .limit(MOST_SIZES)
                .mapToObj(Numbers::count)
                .collect(Collectors.joining(" "));
        return descending.length > MOST_SIZES ? sizes + " ..." : sizes;
    }

    private static int width(List<String> column) {
        return column.stream().mapToInt(String::length).max().orElse(0);
    }

    private static String line(Tile row, int names, int values) {
        return String.format("%-" + names + "s  %" + values + "s  %s", row.name(), row.value(), row.note())
                        .stripTrailing()
                + "\n";
    }
}
