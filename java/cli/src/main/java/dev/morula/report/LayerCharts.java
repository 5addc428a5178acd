package dev.morula.report;

import dev.morula.redundancy.Analysis.AblationPoint;
import dev.morula.redundancy.Analysis.LayerAnalysis;
import dev.morula.redundancy.Analysis.NetworkAnalysis;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;

/** Charts of one network by layer, and of the network under ablation. */
final class LayerCharts {
    static final String CENTRES_HOW =
            "Share of samples whose nearest class centre (of the train samples, in that layer) is that of their class. "
                    + "Where the curve comes near 100%, the layers that follow add little: that is the effective depth.";
    static final String VARIATION_HOW =
            "Variation within classes over the squared distance between class centres, mean over pairs of classes, on a "
                    + "logarithmic scale. It falls from layer to layer as classes collapse to points.";
    static final String ABLATION_HOW =
            "That share of the units of every layer but the output is set to 0 at random; the curve is the share of samples "
                    + "whose predicted label stays that of the whole network. Its mean is the AUC, and where it crosses "
                    + "80% is the prunability.";

    private LayerCharts() {}

    static Chart ablation(AnalysedNetwork network) {
        DataTable rows = DataTable.of("share", "agreement", "agreementStdError");
        List<AblationPoint> curve =
                network.units().map(NetworkAnalysis::ablation).orElse(List.of());
        for (AblationPoint point : curve) {
            rows.add(point.share(), point.agreement(), point.agreementStdError());
        }
        Plot plot = Plot.lines(
                        "share",
                        Axis.percent("units set to 0", Scale.ZERO),
                        Axis.percent("unchanged predictions", Scale.ZERO))
                .measure("agreement", "agreementStdError", "agreement")
                .guide(Guide.along(0.8, 0.8, "80%"));
        String auc = network.units()
                .map(NetworkAnalysis::removable)
                .map(area -> " (AUC " + Numbers.value(area) + ")")
                .orElse("");
        String title = network.units()
                .map(NetworkAnalysis::prunability)
                .map(share ->
                        "Four fifths of the predictions survive the loss of " + Numbers.percent(share) + " of units")
                .orElse("Predictions that survive the loss of units");
        return new Chart("ablation", title + auc, ABLATION_HOW, rows, plot);
    }

    static Chart similarUnits(AnalysedNetwork network) {
        DataTable rows = DataTable.of("layer", "similarUnits", "neurons", "constantUnits");
        network.layers()
                .forEach((name, layer) -> rows.add(name, layer.similarUnits(), layer.neurons(), layer.constantUnits()));
        Plot plot = Plot.lines("layer", Axis.names("layer"), Axis.plain("similar units of a unit", Scale.ZERO))
                .measure("similarUnits", null, "similar units");
        return new Chart(
                "similar-units",
                range(network, LayerAnalysis::similarUnits, "similar units of a unit"),
                "For each unit, the other units of its layer whose absolute correlation with it is at least 0.5; mean over "
                        + "units. Constant units are left out.",
                rows,
                plot);
    }

    static Chart centres(AnalysedNetwork network) {
        DataTable rows = DataTable.of("layer", "nccTrainAccuracy", "nccTestAccuracy");
        network.inDepth().forEach((name, layer) -> rows.add(name, layer.nccTrainAccuracy(), layer.nccTestAccuracy()));
        Plot plot = Plot.lines("layer", Axis.names("layer"), Axis.percent("accuracy of class centres", Scale.LINEAR))
                .measure("nccTrainAccuracy", null, "train")
                .measure("nccTestAccuracy", null, "test");
        return new Chart("class-centres", centresTitle(network), CENTRES_HOW, rows, plot);
    }

    private static String centresTitle(AnalysedNetwork network) {
        List<Double> right = network.layers().values().stream()
                .map(LayerAnalysis::nccTrainAccuracy)
                .filter(Objects::nonNull)
                .toList();
        if (right.isEmpty()) {
            return "Nearest class centres by layer";
        }
        String first = "Class centres get " + Numbers.share(right.get(0)) + " of the train samples right";
        return right.size() == 1
                ? first
                : first + " in the first layer, " + Numbers.share(right.get(right.size() - 1)) + " in the last";
    }

    static Chart variation(AnalysedNetwork network) {
        DataTable rows = DataTable.of("layer", "cdnv");
        network.inDepth().forEach((name, layer) -> rows.add(name, layer.cdnv()));
        Plot plot = Plot.lines("layer", Axis.names("layer"), Axis.plain("CDNV", Scale.LOG))
                .measure("cdnv", null, "CDNV");
        return new Chart(
                "class-variation",
                range(network, LayerAnalysis::cdnv, "variation within classes (CDNV)"),
                VARIATION_HOW,
                rows,
                plot);
    }

    /** "From 3.1 to 8.2 similar units a unit, first layer to last". */
    private static String range(AnalysedNetwork network, Function<LayerAnalysis, Double> value, String what) {
        List<Double> values = network.layers().values().stream()
                .map(value)
                .filter(Objects::nonNull)
                .toList();
        if (values.size() < 2) {
            return values.isEmpty() ? what : Numbers.value(values.get(0)) + " " + what;
        }
        return "From " + Numbers.value(values.get(0)) + " to " + Numbers.value(values.get(values.size() - 1)) + " "
                + what + ", first layer to last";
    }
}
