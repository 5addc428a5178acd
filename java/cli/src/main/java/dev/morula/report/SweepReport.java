package dev.morula.report;

import dev.morula.redundancy.SweepSummary;
import dev.morula.redundancy.SweepSummary.Group;
import dev.morula.report.FigurePage.Part;
import dev.morula.report.Tiles.Tile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * The page of a sweep.
 *
 * @param title one line that tells this sweep from others
 */
public record SweepReport(String title, SweepSummary summary) {
    /** Writes report.html and figures/NAME.csv into a folder that must exist; returns the path of the page. */
    public static Path write(SweepSummary summary, String title, Path folder) {
        return new SweepReport(title, summary).page().write(folder);
    }

    FigurePage page() {
        SweptGroups groups = new SweptGroups(summary);
        List<Part> parts = parts(groups);
        return new FigurePage(title, SweepSentences.summary(summary, groups), tiles(groups), parts, notes(parts));
    }

    private List<String> notes(List<Part> parts) {
        List<String> notes = new ArrayList<>(missing(parts));
        notes.addAll(SweepTables.notMeasured(summary));
        return notes;
    }

    private List<Part> parts(SweptGroups groups) {
        DepthCharts depth = new DepthCharts(groups);
        List<Part> parts = new ArrayList<>();
        parts.add(Part.of("The papers’ shapes", SweepTables.shapes(summary)));
        parts.add(Part.of(
                "Chunks and clones",
                ChunkLawChart.of(groups),
                SweptChunkCharts.trainError(groups),
                SweptChunkCharts.fits(groups),
                CloneCountChart.of(groups),
                WidthCharts.ensembles(groups)));
        parts.add(Part.of(
                "Units",
                WidthCharts.similarUnits(groups),
                WidthCharts.removable(groups),
                WidthCharts.compressability(groups),
                GrowthTables.growth(summary),
                WidthCharts.ablation(groups)));
        parts.add(Part.of(
                "Depth",
                depth.centres(),
                depth.variation(),
                depth.byDepth(),
                depth.byNoise(),
                GrowthTables.bound(summary)));
        parts.add(Part.of("Networks", SweepTables.groups(groups), SweepTables.missed(groups)));
        return parts;
    }

    private List<Tile> tiles(SweptGroups groups) {
        long networks = groups.groups().stream()
                .map(SweepTables::runs)
                .mapToLong(List::size)
                .sum();
        long widths = groups.groups().stream().map(Group::width).distinct().count();
        List<Tile> tiles = new ArrayList<>();
        tiles.add(new Tile("Networks", Numbers.count(networks), Objects.requireNonNullElse(summary.net(), "")));
        tiles.add(new Tile("Groups", Numbers.count(groups.groups().size()), Numbers.count(widths, "width")));
        tiles.add(new Tile("Chunks a size", Numbers.count(summary.chunks()), summary.chunksR2() + " for R²"));
        return tiles;
    }

    private static List<String> missing(List<Part> parts) {
        return Absent.of(
                parts,
                new Absent(
                        ChunkLawChart.NAME,
                        "The chunk law",
                        "two or more seeds, as <code>morula sweep --seeds</code> takes them, add it"),
                new Absent(
                        SweptChunkCharts.ERRORS, "Train error of chunks", "<code>morula sweep --chunks</code> adds it"),
                new Absent(
                        SweptChunkCharts.FITS,
                        "R² and residual correlation",
                        "<code>morula sweep --chunks-r2</code> adds them"),
                new Absent(
                        CloneCountChart.NAME,
                        "The number of clones",
                        "networks of two or more widths with a critical width add it: <code>morula sweep --widths</code>, with weight "
                                + "decay and until the train error is 0"),
                new Absent(
                        "similar-units",
                        "Similar units against width",
                        "<code>morula sweep --widths</code> with two or more adds them"),
                new Absent("removable", "AUC against width", "<code>morula sweep --widths --layers all</code> adds it"),
                new Absent(
                        GrowthTables.GROWTH,
                        "Growth of compressible directions with the width",
                        "<code>morula sweep --widths</code> with two or more adds it"),
                new Absent("ablation", "Ablation curves", "<code>morula study units</code> adds them"),
                new Absent(
                        "class-centres", "Nearest class centres by layer", "<code>morula study depth</code> adds them"),
                new Absent("effective-depth", "Effective depth against L", "<code>morula study depth</code> adds it"),
                new Absent(
                        "effective-depth-noise",
                        "Effective depth against noise",
                        "<code>morula study depth</code> adds it"),
                new Absent(
                        GrowthTables.BOUND,
                        "The terms of the bound on the test error",
                        "<code>morula study depth</code> adds them"),
                new Absent(SweepTables.SHAPES, "The papers’ shapes", "<code>morula sweep</code> adds them"));
    }
}
