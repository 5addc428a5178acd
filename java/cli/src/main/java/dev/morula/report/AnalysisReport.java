package dev.morula.report;

import dev.morula.cluster.Dendrogram;
import dev.morula.redundancy.Analysis;
import dev.morula.report.FigurePage.Part;
import dev.morula.report.Tiles.Tile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The page of one network's analysis.
 *
 * @param title one line that tells this network from others
 * @param dendrogram of the analysed layer's neurons, or null
 * @param clones that were dealt and tested, or null
 */
public record AnalysisReport(String title, Analysis analysis, Dendrogram dendrogram, CloneTable clones) {
    /** Writes the page of an analysis into a folder that must exist: report.html, and figures/NAME.csv. */
    public static Path write(Analysis analysis, String title, Path folder) {
        return new AnalysisReport(title, analysis, null, null).write(folder);
    }

    /** Writes report.html and figures/NAME.csv into a folder that must exist; returns the path of the page. */
    public Path write(Path folder) {
        return page().write(folder);
    }

    FigurePage page() {
        AnalysedNetwork network = new AnalysedNetwork(analysis);
        List<Part> parts = parts(network);
        return new FigurePage(title, AnalysisSentences.summary(network), tiles(network), parts, notes(parts));
    }

    private List<Part> parts(AnalysedNetwork network) {
        List<Part> parts = new ArrayList<>();
        parts.add(Part.of(
                "Chunks of neurons",
                ChunkCharts.errors(network),
                ChunkCharts.fits(network),
                ChunkCharts.epochs(network)));
        parts.add(Part.of(
                "Clones", CloneBlocks.chart(clones), CloneBlocks.table(clones), DendrogramChart.of(dendrogram)));
        parts.add(Part.of("Units", LayerCharts.ablation(network), LayerCharts.similarUnits(network)));
        parts.add(Part.of(
                "Depth",
                LayerCharts.centres(network),
                LayerCharts.variation(network),
                AnalysisTables.effectiveDepth(network),
                AnalysisTables.neuralCollapse(network)));
        parts.add(Part.of("Layers", AnalysisTables.layers(network)));
        return parts;
    }

    private static List<Tile> tiles(AnalysedNetwork network) {
        List<Tile> tiles = new ArrayList<>();
        network.readOutLayer().ifPresent(layer -> {
            tiles.add(new Tile("Neurons", Numbers.count(layer.neurons()), "layer " + network.readOutName()));
            tiles.add(new Tile("Critical width w*", Numbers.value(layer.criticalWidth()), "neurons"));
            tiles.add(new Tile("Clones", Numbers.value(layer.clones()), "W / w*"));
            tiles.add(new Tile("Test error", Numbers.share(layer.testError()), "of the whole network"));
            tiles.add(new Tile("Train error", Numbers.share(layer.trainError()), "of the whole network"));
        });
        network.units().ifPresent(units -> {
            tiles.add(new Tile("Similar units", Numbers.value(units.similarUnits()), "a unit, mean over layers"));
            tiles.add(new Tile("Removable (AUC)", Numbers.value(units.removable()), "mean of the ablation curve"));
            tiles.add(new Tile("Prunability", Numbers.share(units.prunability()), "of units until agreement is 80%"));
        });
        return tiles;
    }

    private List<String> notes(List<Part> parts) {
        Stream<String> given = (analysis.notes() == null ? List.<String>of() : analysis.notes())
                .stream().map(Html::escape);
        return Stream.concat(given, missing(parts).stream()).toList();
    }

    private static List<String> missing(List<Part> parts) {
        return Absent.of(
                parts,
                new Absent("chunk-errors", "Errors of chunks", "<code>morula analyze</code> with a read-out adds them"),
                new Absent("chunk-fits", "R² and residual correlation", "<code>morula analyze</code> adds them"),
                new Absent(
                        "chunk-epochs",
                        "Chunks during training",
                        "<code>morula train --keep-every</code> keeps the weights for it"),
                new Absent(CloneBlocks.NAME, "The clones themselves", "<code>morula clones</code> adds them"),
                new Absent(
                        DendrogramChart.NAME, "The dendrogram", "<code>morula cluster --method average</code> adds it"),
                new Absent(
                        "ablation",
                        "The ablation curve",
                        "<code>morula analyze</code> adds it for networks that Morula trained"),
                new Absent("similar-units", "Similar units", "<code>morula analyze</code> adds them"),
                new Absent(
                        "class-centres",
                        "Nearest class centres by layer",
                        "<code>morula analyze --layers all</code> adds them"),
                new Absent("class-variation", "CDNV by layer", "<code>morula analyze --layers all</code> adds it"));
    }
}
