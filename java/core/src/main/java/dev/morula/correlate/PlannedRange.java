package dev.morula.correlate;

/**
 * Some of the pairs of a layer, with all it takes to look at them.
 *
 * @param plan how that is done
 * @param positions the neurons that these pairs are made of, in the order in which they are looked at
 * @param region the pairs
 * @param rows what rules pairs out
 */
record PlannedRange(CorrelationPlan plan, Positions positions, PairRegion region, PackedRows rows)
        implements AutoCloseable {
    @Override
    public void close() {
        positions.close();
    }
}
