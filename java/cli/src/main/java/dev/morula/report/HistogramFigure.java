package dev.morula.report;

/**
 * How often each correlation occurs among the pairs of neurons.
 *
 * @param edges bounds of the bins, ascending, one more than there are bins
 * @param counts pairs in each bin
 * @param threshold the least correlation of an edge
 * @param coverage which pairs were counted
 * @param sample for {@link Coverage#SAMPLED}: a phrase such as "2,000,000 random pairs, seed 7"; else empty
 */
public record HistogramFigure(double[] edges, long[] counts, double threshold, Coverage coverage, String sample) {
    /** Which pairs a histogram counts. */
    public enum Coverage {
        /** All pairs. */
        EXACT,
        /** A random sample of pairs. */
        SAMPLED
    }

    public HistogramFigure {
        if (edges.length != counts.length + 1) {
            throw new IllegalArgumentException(
                    counts.length + " bins have " + (counts.length + 1) + " bounds, not " + edges.length);
        }
        edges = edges.clone();
        counts = counts.clone();
    }

    /** A histogram of all pairs. */
    public static HistogramFigure exact(double[] edges, long[] counts, double threshold) {
        return new HistogramFigure(edges, counts, threshold, Coverage.EXACT, "");
    }

    /** A histogram of those pairs that {@code sample} describes. */
    public static HistogramFigure sampled(double[] edges, long[] counts, double threshold, String sample) {
        return new HistogramFigure(edges, counts, threshold, Coverage.SAMPLED, sample);
    }
}
