package dev.morula.report;

import dev.morula.report.Headline.Clusters;
import dev.morula.report.Headline.Errors;
import dev.morula.report.Headline.Graph;
import dev.morula.report.Headline.Layer;
import dev.morula.report.TrainingCurves.Epoch;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** What the numbers say, in plain words: the summary at the top and the titles of the charts. */
final class Sentences {
    private Sentences() {}

    /** One to three sentences that a reader in a hurry can stop after. */
    static String summary(Headline headline) {
        List<String> sentences = new ArrayList<>();
        if (headline.layer() != null) {
            sentences.add(redundancy(headline));
            if (headline.layer().constant() > 0) {
                sentences.add(silence(headline.layer()));
            }
        }
        Errors errors = headline.errors();
        if (errors != null && !(Double.isNaN(errors.train()) && Double.isNaN(errors.test()))) {
            sentences.add(errors(errors));
        }
        return sentences.isEmpty() ? "No layer of this run has been analysed yet." : String.join(" ", sentences);
    }

    private static String redundancy(Headline headline) {
        long neurons = headline.layer().neurons();
        Graph graph = headline.graph();
        Clusters clusters = headline.clusters();
        if (graph == null) {
            return "The layer has " + Numbers.count(neurons, "neuron") + ".";
        }
        String threshold = Numbers.plain(graph.threshold());
        if (graph.edges() == 0) {
            return neurons == 1
                    ? "The layer has a single neuron, so there is no pair to compare."
                    : "Of " + Numbers.count(neurons) + " neurons, no two correlate at " + threshold + " or more.";
        }
        if (clusters == null) {
            return "Of " + Numbers.count(pairs(neurons), "pair") + " of neurons, " + Numbers.count(graph.edges())
                    + " correlate at " + threshold + " or more.";
        }
        return "Of " + Numbers.count(neurons) + " neurons, " + Numbers.count(clusters.neurons()) + " fall into "
                + Numbers.count(clusters.count(), "cluster") + " " + bond(clusters, threshold) + ": "
                + Numbers.count(clusters.copies()) + " neurons ("
                + Numbers.percent((double) clusters.copies() / neurons) + ") are copies.";
    }

    private static String bond(Clusters clusters, String threshold) {
        return clusters.method().equals("cover")
                ? "whose members all correlate at " + threshold + " or more with a representative"
                : "that are linked by pairs with a correlation of " + threshold + " or more";
    }

    private static String silence(Layer layer) {
        long other = layer.constant() - layer.neverActive();
        String samples = " on all " + Numbers.count(layer.samples(), "sample") + ".";
        if (layer.neverActive() == 0) {
            return Numbers.count(other, "neuron") + (other == 1 ? " keeps" : " keep") + " one value" + samples;
        }
        String never = Numbers.count(layer.neverActive(), "neuron") + (layer.neverActive() == 1 ? " is" : " are")
                + " never active";
        return never + (other == 0 ? "" : " and " + Numbers.count(other) + " more keep one value") + samples;
    }

    private static String errors(Errors errors) {
        List<String> parts = new ArrayList<>();
        if (!Double.isNaN(errors.test())) {
            parts.add(Numbers.percent(errors.test()) + " of the test samples");
        }
        if (!Double.isNaN(errors.train())) {
            parts.add(Numbers.percent(errors.train()) + " of the train samples");
        }
        return "The network gets " + String.join(" and ", parts) + " wrong.";
    }

    static String clusterSizes(Clusters clusters) {
        return switch (clusters.count()) {
            case 0 -> "No two neurons share a cluster";
            case 1 -> "The only cluster holds " + Numbers.count(clusters.largest(), "neuron");
            default ->
                "The largest cluster holds " + Numbers.count(clusters.largest(), "neuron") + ", half of the "
                        + Numbers.count(clusters.count()) + " clusters at most " + Numbers.count(clusters.median());
        };
    }

    /** The share of pairs at or above the threshold: exact where the graph is known, else from the whole bins. */
    static String histogram(HistogramFigure histogram, Headline headline) {
        String above = " correlate at " + Numbers.plain(histogram.threshold()) + " or more";
        if (headline.graph() != null
                && headline.layer() != null
                && headline.layer().neurons() > 1) {
            double share =
                    (double) headline.graph().edges() / pairs(headline.layer().neurons());
            return Numbers.percent(share) + " of all pairs" + above;
        }
        return "How strongly pairs of neurons correlate";
    }

    static String error(TrainingCurves training) {
        double train = last(training, Epoch::trainError);
        double test = last(training, Epoch::testError);
        if (Double.isNaN(train) && Double.isNaN(test)) {
            return "Error was not measured";
        }
        if (Double.isNaN(train)) {
            return "Test error ends at " + Numbers.percent(test);
        }
        return "Train error ends at " + Numbers.percent(train)
                + (Double.isNaN(test) ? "" : ", test error at " + Numbers.percent(test));
    }

    private static double last(TrainingCurves training, ToDoubleFunction<Epoch> value) {
        return training.epochs().stream()
                .mapToDouble(value)
                .filter(Double::isFinite)
                .reduce(Double.NaN, (earlier, later) -> later);
    }

    private static long pairs(long neurons) {
        return neurons * (neurons - 1) / 2;
    }
}
