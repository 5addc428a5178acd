package dev.morula.cli;

import dev.morula.redundancy.Analysis;
import dev.morula.redundancy.Analysis.ChunkAnalysis;
import dev.morula.redundancy.Analysis.LayerAnalysis;
import dev.morula.redundancy.Analysis.NetworkAnalysis;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What {@code morula analyze} prints: the answer first, then a line a layer and a line a chunk size. */
final class AnalysisText {
    private static final String NONE = "-";

    private AnalysisText() {}

    static String of(Analysis analysis) {
        StringBuilder text = new StringBuilder();
        for (Map.Entry<String, LayerAnalysis> layer : analysis.layers().entrySet()) {
            if (layer.getValue().chunks() != null) {
                text.append(chunks(layer.getKey(), layer.getValue()));
            }
        }
        text.append(layers(analysis.layers()));
        if (analysis.network() != null) {
            text.append(network(analysis.network()));
        }
        analysis.effectiveDepth()
                .forEach((error, layer) -> text.append(String.format(
                        "Effective depth, with a train error of at most %s: %s%n",
                        error, layer == null ? "none" : "layer " + layer)));
        analysis.notes().forEach(note -> text.append(note).append('\n'));
        return text.toString();
    }

    private static String chunks(String name, LayerAnalysis layer) {
        StringBuilder text = new StringBuilder(clones(name, layer)).append('\n');
        text.append(row(List.of("chunk", "train error", "test error", "R^2", "residual r")));
        for (ChunkAnalysis chunk : layer.chunks()) {
            text.append(row(List.of(
                    String.format(Locale.ROOT, "%,d", chunk.size()),
                    percent(chunk.trainError()),
                    percent(chunk.testError()),
                    number(chunk.r2()),
                    number(chunk.residualCorrelation()))));
        }
        return text.append('\n').toString();
    }

    private static String clones(String name, LayerAnalysis layer) {
        if (layer.trainError() == null) {
            return String.format("Layer %s: chunks have no errors without a read-out.", name);
        } else if (layer.criticalWidth() == null) {
            return String.format(
                    "Layer %s has no critical width: no chunk below %,d neurons has a train error of at most 0.5 %% (the "
                            + "whole layer has %s).",
                    name, layer.neurons(), percent(layer.trainError()));
        }
        return String.format(
                Locale.ROOT,
                "Layer %s: %,d neurons are %.1f clones of %.1f neurons, the smallest random chunks with a train error of at "
                        + "most 0.5 %%.",
                name,
                layer.neurons(),
                layer.clones(),
                layer.criticalWidth());
    }

    private static String layers(Map<String, LayerAnalysis> layers) {
        StringBuilder text = new StringBuilder(
                row(List.of("layer", "neurons", "constant", "similar", "NCC train", "NCC test", "CDNV", "NC1")));
        layers.forEach((name, layer) -> text.append(row(List.of(
                name,
                String.format(Locale.ROOT, "%,d", layer.neurons()),
                String.format(Locale.ROOT, "%,d", layer.constantUnits()),
                number(layer.similarUnits()),
                percent(layer.nccTrainAccuracy()),
                percent(layer.nccTestAccuracy()),
                number(layer.cdnv()),
                number(
                        layer.neuralCollapse() == null
                                ? null
                                : layer.neuralCollapse().nc1())))));
        return text.toString();
    }

    private static String network(NetworkAnalysis network) {
        return String.format(
                "Removable (AUC of the ablation curve): %s; prunability: %s%n",
                number(network.removable()), number(network.prunability()));
    }

    private static String row(List<String> cells) {
        StringBuilder text = new StringBuilder();
        cells.forEach(cell -> text.append(String.format("%12s", cell)));
        return text.append('\n').toString();
    }

    private static String percent(Double share) {
        return share == null ? NONE : String.format(Locale.ROOT, "%.2f %%", 100 * share);
    }

    private static String number(Double value) {
        return value == null ? NONE : String.format(Locale.ROOT, "%.4g", value);
    }
}
