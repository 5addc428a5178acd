package dev.morula.report;

import dev.morula.redundancy.Analysis.ChunkAnalysis;
import dev.morula.redundancy.Analysis.EpochAnalysis;
import dev.morula.redundancy.Analysis.LayerAnalysis;
import java.util.List;

/** Charts of random chunks of one network. */
final class ChunkCharts {
    static final String SIZE = "neurons in a chunk";

    private ChunkCharts() {}

    static Chart errors(AnalysedNetwork network) {
        DataTable rows = DataTable.of("size", "trainError", "trainErrorStdError", "testError", "testErrorStdError");
        for (ChunkAnalysis chunk : network.chunks()) {
            rows.add(
                    chunk.size(),
                    chunk.trainError(),
                    chunk.trainErrorStdError(),
                    chunk.testError(),
                    chunk.testErrorStdError());
        }
        Plot plot = Plot.lines("size", Axis.doubling(SIZE), Axis.percent("error", Scale.SQRT))
                .measure("trainError", "trainErrorStdError", "train")
                .measure("testError", "testErrorStdError", "test")
                .guides(criticalWidth(network));
        return new Chart(
                "chunk-errors",
                errorTitle(network),
                "Mean share of samples that random chunks get wrong, through the read-out as it is; bars are standard "
                        + "errors over draws. Where the train curve is down to 0.5%, the chunk is as good as the layer: "
                        + "that is the critical width w*. The scale is a square root, which spreads small errors out.",
                rows,
                plot);
    }

    private static String errorTitle(AnalysedNetwork network) {
        return network.readOutLayer()
                .map(LayerAnalysis::criticalWidth)
                .map(width -> "Chunks of " + Counted.of(width, "neuron") + " are enough for the train set")
                .orElse("No chunk smaller than the layer is enough for the train set");
    }

    static Chart fits(AnalysedNetwork network) {
        DataTable rows = DataTable.of(
                "size",
                "r2",
                "r2StdError",
                "residualCorrelation",
                "residualCorrelationStdError",
                "residualCorrelationAllPairs",
                "residualCorrelationAllPairsStdError",
                "residualCorrelationNull");
        for (ChunkAnalysis chunk : network.chunks()) {
            rows.add(
                    chunk.size(),
                    chunk.r2(),
                    chunk.r2StdError(),
                    chunk.residualCorrelation(),
                    chunk.residualCorrelationStdError(),
                    chunk.residualCorrelationAllPairs(),
                    chunk.residualCorrelationAllPairsStdError(),
                    chunk.residualCorrelationNull());
        }
        Plot plot = fitPlot()
                .measureRight("residualCorrelationNull", null, "independent noise")
                .guides(criticalWidth(network));
        return new Chart("chunk-fits", fitTitle(network), FIT_HOW, rows, plot);
    }

    /** How to read a chart of R^2 and residual correlations. */
    static final String FIT_HOW =
            "R² (left axis) is the share of the whole layer’s variance that a linear fit on the chunk explains. What the "
                    + "fit leaves is correlated between neurons (right axis) as long as chunks lack a common signal. "
                    + "Pairs outside the chunk are the main figure; over all pairs, as the paper has it, the curve falls "
                    + "to 0 at the full width by itself.";

    static Plot fitPlot() {
        return Plot.lines("size", Axis.doubling(SIZE), Axis.plain("R²", Scale.ZERO))
                .measure("r2", "r2StdError", "R²")
                .right(Axis.plain("correlation of residuals", Scale.ZERO))
                .measureRight("residualCorrelation", "residualCorrelationStdError", "residuals, outside pairs")
                .measureRight(
                        "residualCorrelationAllPairs", "residualCorrelationAllPairsStdError", "residuals, all pairs");
    }

    private static String fitTitle(AnalysedNetwork network) {
        return network.chunks().stream()
                .filter(chunk -> chunk.r2() != null && chunk.r2() >= 0.99)
                .findFirst()
                .map(chunk -> "From " + Counted.of(chunk.size(), "neuron") + " on, chunks explain "
                        + Numbers.share(chunk.r2()) + " of the layer’s variance or more")
                .orElse("Share of the layer that chunks explain, and what they leave");
    }

    /** Train error of chunks after each epoch whose weights were kept, and at the end of training. */
    static Chart epochs(AnalysedNetwork network) {
        DataTable rows = DataTable.of(
                "epoch", "size", "trainError", "trainErrorStdError", "testError", "testErrorStdError", "r2");
        for (EpochAnalysis epoch : network.epochs()) {
            for (ChunkAnalysis chunk : epoch.chunks() == null ? List.<ChunkAnalysis>of() : epoch.chunks()) {
                rows.add(
                        epoch.epoch(),
                        chunk.size(),
                        chunk.trainError(),
                        chunk.trainErrorStdError(),
                        chunk.testError(),
                        chunk.testErrorStdError(),
                        chunk.r2());
            }
        }
        Plot plot = Plot.lines("size", Axis.doubling(SIZE), Axis.percent("train error", Scale.SQRT))
                .measure("trainError", "trainErrorStdError", "train error")
                .series("epoch", "epoch");
        return new Chart(
                "chunk-epochs",
                "Train error of chunks in the course of training",
                "A line an epoch whose weights were kept. Clones form where small chunks become as good as the whole layer; "
                        + "the file has test errors and R² as well.",
                rows,
                plot);
    }

    private static List<Guide> criticalWidth(AnalysedNetwork network) {
        return network.readOutLayer()
                .map(LayerAnalysis::criticalWidth)
                .map(width -> List.of(Guide.across(null, width, width, "w* = " + Numbers.value(width))))
                .orElse(List.of());
    }
}
