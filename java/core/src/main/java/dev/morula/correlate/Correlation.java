package dev.morula.correlate;

import java.util.Map;

/**
 * The edges of a layer and what it took to find them.
 *
 * @param edges the edges, in no particular order; the caller closes them
 * @param pairs pairs of neurons that were looked at
 * @param survivors pairs that could not be ruled out by a fast product
 * @param inFloat32 survivors decided in float32
 * @param inFloat64 survivors decided in float64
 * @param inDoubleDouble survivors decided in double-double
 * @param plan how the work was done
 * @param seconds that each part of it took
 */
public record Correlation(
        EdgeList edges,
        long pairs,
        long survivors,
        long inFloat32,
        long inFloat64,
        long inDoubleDouble,
        CorrelationPlan plan,
        Map<String, Double> seconds)
        implements AutoCloseable {
    @Override
    public void close() {
        edges.close();
    }
}
