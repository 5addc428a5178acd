package dev.morula.cli;

import dev.morula.MorulaException;
import dev.morula.redundancy.Analysis;
import dev.morula.redundancy.Analysis.LayerAnalysis;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;

/** How many neurons {@code --keep} asks for. */
final class KeepOption {
    private static final String CRITICAL_WIDTH = "w*";

    private KeepOption() {}

    /** {@code text}: a number, or {@code w*} for the critical width that the analysis of the run in {@code folder} found. */
    static int parse(String text, RunFolder folder) {
        if (text.equals(CRITICAL_WIDTH)) {
            return criticalWidth(folder);
        } else if (!text.matches("[1-9]\\d{0,8}")) {
            throw MorulaException.usage("--keep %s: it must be a number of neurons, at least 1, or w*", text);
        }
        return Integer.parseInt(text);
    }

    private static int criticalWidth(RunFolder folder) {
        Path analysis = folder.path().resolve("analysis").resolve("analysis.json");
        if (!Files.exists(analysis)) {
            throw MorulaException.input(
                    "%s: holds no analysis/analysis.json, which has w*; morula analyze makes it", folder.path());
        }
        return Json.read(analysis, Analysis.class).layers().values().stream()
                .map(LayerAnalysis::criticalWidth)
                .filter(Objects::nonNull)
                .mapToInt(width -> (int) Math.ceil(width))
                .findFirst()
                .orElseThrow(() -> MorulaException.input(
                        "%s: found no critical width w*; give --keep a number of neurons", analysis));
    }
}
