package dev.morula.correlate;

/**
 * The edges of a layer and what it took to find them.
 *
 * @param edges the edges, in no particular order; the caller closes them
 * @param pairs pairs of neurons that were looked at
 * @param survivors pairs that passed the low-precision cut
 * @param inFloat64 survivors decided in float64
 * @param inDoubleDouble survivors decided in double-double
 * @param plan how the work was cut up
 */
public record Correlation(
        EdgeList edges, long pairs, long survivors, long inFloat64, long inDoubleDouble, BrutePlan plan)
        implements AutoCloseable {
    @Override
    public void close() {
        edges.close();
    }
}
