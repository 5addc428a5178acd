package dev.morula.report;

import static dev.morula.report.Html.escape;

import dev.morula.report.HistogramFigure.Coverage;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/** The frames of the charts: a title that says what is seen, a sentence on how to read it, and the place to draw. */
final class Figures {
    /** A picture of fewer blocks than this is enlarged without smoothing, so that blocks stay blocks. */
    private static final int SMALL_SIDE = 700;

    /** A picture of fewer blocks than this needs no full width. */
    private static final int TINY_SIDE = 8;

    private Figures() {}

    static String clusterSizes(Headline.Clusters clusters) {
        if (clusters.count() < 2) {
            return statement(Sentences.clusterSizes(clusters));
        }
        return figure("cluster-sizes", Sentences.clusterSizes(clusters), """
                Clusters by rank, the largest on the left; a dash spans all clusters of one size. Both axes are \
                logarithmic: a straight descent is a power law, a flat stretch means many clusters of equal size.""");
    }

    static String histogram(HistogramFigure histogram, Headline headline) {
        if (LongStream.of(histogram.counts()).sum() == 0) {
            return statement("There is no pair of neurons whose correlation could be counted");
        }
        String coverage = histogram.coverage() == Coverage.EXACT
                ? "All pairs are counted."
                : "<strong>Sampled:</strong> " + escape(histogram.sample()) + ".";
        return figure("histogram", Sentences.histogram(histogram, headline), """
                Pairs of neurons by their correlation, on a logarithmic scale, so that rare strong pairs show beside \
                the many weak ones. Orange bars lie at or above the threshold: those pairs are edges.\s""" + coverage);
    }

    static String training(TrainingCurves training) {
        return figure("error", Sentences.error(training), """
                Share of samples that are wrong, by epoch. Train samples are counted as they are trained on, while the \
                network still learns from the rest. The scale is a square root, which spreads small errors out and \
                still shows 0.""")
                + figure("loss", "Train loss by epoch", "Mean loss on the train samples, on a logarithmic scale.")
                + figure("rate", "Learning rate by epoch", "As the schedule set it at the end of each epoch.");
    }

    /** A title that says all there is to see. */
    private static String statement(String title) {
        return "<div class=\"card\"><h3>" + title + "</h3></div>\n";
    }

    private static String figure(String name, String title, String how) {
        return """
                <figure class="card"><h3 id="%1$s-title">%2$s</h3><p class="how" id="%1$s-how">%3$s</p>
                <div class="chart" id="%1$s" role="group" aria-labelledby="%1$s-title" aria-describedby="%1$s-how"></div>
                </figure>
                """.formatted(name, title, how);
    }

    static String matrix(MatrixFigure image) {
        String ticks = IntStream.rangeClosed(0, 4)
                .mapToLong(quarter -> image.neurons() * quarter / 4)
                .distinct()
                .mapToObj(neuron -> "<span>" + Numbers.count(neuron) + "</span>")
                .collect(Collectors.joining());
        return """
                <figure class="card"><h3>Correlation of every neuron with every other</h3>
                <p class="how">Neurons are ordered by cluster, the largest first, those of no cluster last. A dark \
                orange square on the diagonal is a group of neurons that carry the same signal; orange away from it, \
                groups that resemble each other; blue, neurons that oppose each other.%s</p>
                <div class="matrix%s">
                <div class="y title">neuron, in cluster order</div>
                <div class="y ticks">%s</div>
                <img id="matrix"%s width="%d" height="%5$d" alt="Heat map of the correlation matrix of %s in cluster \
                order" src="%s">
                <div class="x ticks">%s</div>
                <div class="x title">neuron, in cluster order</div>
                <div class="scale"><img id="color-bar" alt="Colours from blue at -1 over white at 0 to dark red at 1" src="%s">
                <div class="ticks"><span>−1</span><span>−0.5</span><span>0</span><span>0.5</span><span>1</span></div>
                correlation%s</div>
                <output id="matrix-value"></output>
                </div></figure>
                """.formatted(
                        blockSentence(image),
                        image.side() < TINY_SIDE ? " tiny" : "",
                        ticks,
                        image.side() < SMALL_SIDE ? " class=\"blocks\"" : "",
                        image.side(),
                        Numbers.count(image.neurons(), "neuron"),
                        Png.dataUri(Png.matrix(image)),
                        ticks,
                        Png.dataUri(Png.colorBar()),
                        hasGaps(image) ? "; grey: none, a neuron of the block is constant" : "");
    }

    private static String blockSentence(MatrixFigure image) {
        return image.neuronsPerBlock() == 1
                ? " One pixel is one pair."
                : " One pixel is the mean over %1$s × %1$s neurons.".formatted(Numbers.count(image.neuronsPerBlock()));
    }

    private static boolean hasGaps(MatrixFigure image) {
        for (float block : image.blocks()) {
            if (Float.isNaN(block)) {
                return true;
            }
        }
        return false;
    }
}
