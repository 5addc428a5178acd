package dev.morula.cli;

import dev.morula.redundancy.Analysis;
import dev.morula.redundancy.SweepSummary;
import dev.morula.report.AnalysisReport;
import dev.morula.report.SweepReport;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** Writes the pages of those analyses and sweeps that a folder holds. */
final class AnalysisPages {
    private static final String ANALYSIS = "analysis.json";
    private static final String SWEEP = "sweep.json";
    private static final String RUN = "run.json";

    private AnalysisPages() {}

    /** The pages of the sweep or the analysis in {@code folder}, or of the analysis of the run in it; may be none. */
    static List<Path> write(Path folder) {
        List<Path> pages = new ArrayList<>();
        if (Files.exists(folder.resolve(SWEEP))) {
            pages.add(sweep(folder));
        }
        for (Path place : List.of(folder, folder.resolve("analysis"))) {
            // A run keeps report.html for itself, and a sweep too.
            if (Files.exists(place.resolve(ANALYSIS)) && (place != folder || !hasOwnPage(folder))) {
                pages.add(analysis(place));
            }
        }
        return pages;
    }

    private static boolean hasOwnPage(Path folder) {
        return Files.exists(folder.resolve(RUN)) || Files.exists(folder.resolve(SWEEP));
    }

    private static Path sweep(Path folder) {
        SweepSummary summary = Json.read(folder.resolve(SWEEP), SweepSummary.class);
        String title = summary.net() == null || summary.data() == null
                ? name(folder)
                : summary.net() + " on " + ReportCommand.dataName(summary.data());
        return SweepReport.write(summary, title, folder);
    }

    private static Path analysis(Path folder) {
        Analysis analysis = Json.read(folder.resolve(ANALYSIS), Analysis.class);
        Path parent = folder.toAbsolutePath().normalize().getParent();
        Path run = parent == null || Files.exists(folder.resolve(RUN)) ? folder : parent;
        String title = Files.exists(run.resolve(RUN))
                ? ReportCommand.title(new RunFolder(run), RunSummary.read(new RunFolder(run)))
                : name(folder);
        return new AnalysisReport(title, analysis, CloneFiles.tree(run), CloneFiles.clones(run)).write(folder);
    }

    private static String name(Path folder) {
        return Objects.toString(folder.toAbsolutePath().normalize().getFileName(), "sweep");
    }
}
