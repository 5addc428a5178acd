package dev.morula.report;

import dev.morula.report.FigurePage.Part;
import java.util.List;
import java.util.stream.Stream;

/**
 * A block that a page may lack.
 *
 * @param name of the block
 * @param title what it would show
 * @param remedy what would add it, as HTML
 */
record Absent(String name, String title, String remedy) {
    /** Notes on those that are not among {@code parts}. */
    static List<String> of(List<Part> parts, Absent... blocks) {
        return Stream.of(blocks)
                .filter(block -> !FigurePage.has(parts, block.name()))
                .map(block -> block.title() + ": " + block.remedy() + ".")
                .toList();
    }
}
