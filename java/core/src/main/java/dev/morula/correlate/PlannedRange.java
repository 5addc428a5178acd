package dev.morula.correlate;

/**
 * Some of the pairs of a layer, with all it takes to look at them.
 *
 * @param plan how that is done
 * @param positions the neurons that these pairs are made of, in the order in which they are looked at
 * @param region the pairs
 * @param rows what rules pairs out
 * @param bytes what looking at them and refining them takes, projections included, candidates and edges not
 */
record PlannedRange(CorrelationPlan plan, Positions positions, PairRegion region, PackedRows rows, long bytes)
        implements AutoCloseable {
    @Override
    public void close() {
        positions.close();
    }
}
