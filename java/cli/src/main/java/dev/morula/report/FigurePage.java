package dev.morula.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.morula.MorulaException;
import dev.morula.data.OutputFile;
import dev.morula.report.Tiles.Tile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A page of figures, each with its data as CSV beside it.
 *
 * @param summary the answer, in plain words
 * @param missing what is not there, each a sentence that says what would add it
 */
record FigurePage(String title, String summary, List<Tile> tiles, List<Part> parts, List<String> missing) {
    /** Blocks under one heading. */
    record Part(String heading, List<Block> blocks) {
        /** Those of {@code blocks} that have something to show. */
        static Part of(String heading, Block... blocks) {
            return new Part(
                    heading, Stream.of(blocks).filter(block -> !isEmpty(block)).toList());
        }

        private static boolean isEmpty(Block block) {
            return block == null
                    || (block instanceof Chart chart
                            ? !chart.hasData()
                            : block.table().isEmpty());
        }

        String html() {
            return Sections.section(heading, blocks.stream().map(Block::html).collect(Collectors.joining()));
        }
    }

    /** Whether a block of that name is on the page. */
    static boolean has(List<Part> parts, String name) {
        return parts.stream().flatMap(part -> part.blocks().stream()).anyMatch(block -> block.name()
                .equals(name));
    }

    /** Writes report.html and the CSV files into a folder that must exist; each file appears whole or not at all. */
    Path write(Path folder) {
        Path data = folder.resolve(Block.FOLDER);
        try {
            Files.createDirectories(data);
        } catch (IOException e) {
            throw MorulaException.input("%s: no folder can be made here (%s)", data, e.getMessage());
        }
        parts.stream()
                .flatMap(part -> part.blocks().stream())
                .forEach(block ->
                        write(folder.resolve(block.file()), block.table().csv()));
        Path page = folder.resolve("report.html");
        write(page, html());
        return page;
    }

    private static void write(Path path, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        try (OutputFile file = OutputFile.create(path)) {
            file.write(bytes, bytes.length);
            file.commit();
        }
    }

    String html() {
        String content = parts.stream().map(Part::html).collect(Collectors.joining()) + Sections.notes(missing);
        return new PageFrame(title, summary, Sections.tiles(tiles), content, "analysis-terms.html", data()).html();
    }

    private String data() {
        List<Map<String, Object>> charts = parts.stream()
                .flatMap(part -> part.blocks().stream())
                .filter(Chart.class::isInstance)
                .map(block -> ((Chart) block).json())
                .toList();
        try {
            return new ObjectMapper().writeValueAsString(Map.of("charts", charts));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("chart data cannot be written as JSON", e);
        }
    }
}
