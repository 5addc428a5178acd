package dev.morula.report;

import dev.morula.redundancy.Analysis.LayerAnalysis;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What an analysis says, in plain words. */
final class AnalysisSentences {
    /** The train error that a chunk of the critical width may have. */
    static final double TOLERATED = 0.005;

    private AnalysisSentences() {}

    static String summary(AnalysedNetwork network) {
        List<String> sentences = new ArrayList<>();
        network.readOutLayer().ifPresent(layer -> {
            sentences.add(clones(network));
            if (layer.testError() != null) {
                sentences.add("The network gets " + Numbers.share(layer.testError()) + " of the test samples wrong.");
            }
        });
        network.units().ifPresent(units -> {
            if (units.similarUnits() != null) {
                sentences.add("A unit has " + Numbers.value(units.similarUnits()) + " similar units in its layer.");
            }
            if (units.prunability() != null) {
                sentences.add("A random " + Numbers.share(units.prunability())
                        + " of all units can go before a fifth of the " + "predictions change.");
            }
        });
        depth(network, sentences);
        return sentences.isEmpty() ? "No layer of this network has been analysed." : String.join(" ", sentences);
    }

    /** How many clones the layer holds, or why there are none to count. */
    static String clones(AnalysedNetwork network) {
        LayerAnalysis layer = network.readOutLayer().orElseThrow();
        String width = "W = " + Numbers.count(layer.neurons());
        if (layer.clones() != null && layer.criticalWidth() != null) {
            return width + " holds about " + Counted.of(layer.clones(), "clone") + ": chunks of "
                    + Counted.of(layer.criticalWidth(), "random neuron")
                    + " classify the train set as well as the whole layer.";
        }
        if (network.chunks().isEmpty()) {
            return "Without chunks there is nothing by which to count the clones of " + width + ".";
        }
        if (layer.trainError() != null && layer.trainError() > TOLERATED) {
            return width + " holds no clones that could be counted: the network itself gets "
                    + Numbers.share(layer.trainError()) + " of the train set wrong, and a critical width needs at most "
                    + Numbers.round(TOLERATED) + ".";
        }
        return width
                + " holds no clones: no chunk of fewer neurons classifies the train set as well as the whole layer.";
    }

    private static void depth(AnalysedNetwork network, List<String> sentences) {
        List<Map.Entry<String, String>> reached = network.effectiveDepth().entrySet().stream()
                .filter(depth -> depth.getValue() != null)
                .toList();
        if (reached.isEmpty()) {
            return;
        }
        Map.Entry<String, String> least = reached.get(0);
        List<String> names = List.copyOf(network.layers().keySet());
        int position = names.indexOf(least.getValue()) + 1;
        sentences.add("From layer " + least.getValue()
                + (position > 0 ? " (" + position + " of " + names.size() + ")" : "")
                + " on, nearest class centres get at most " + Numbers.round(Double.parseDouble(least.getKey()))
                + " of the train samples wrong.");
    }
}
