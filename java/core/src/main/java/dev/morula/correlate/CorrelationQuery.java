package dev.morula.correlate;

import dev.morula.MorulaException;
import dev.morula.kernel.Sign;
import dev.morula.standardise.StandardisedLayer;
import java.util.stream.IntStream;

/**
 * What makes a pair of neurons an edge, and how many edges there may be.
 *
 * @param threshold a pair is an edge if its correlation is at least this, between -1 and 1; a tie is an edge
 * @param sign whether the correlation or its absolute value is compared
 * @param mostEdges more edges than this end the run with {@link MorulaException.Kind#RESOURCES}
 * @param memory bytes that panels, candidates and edges may take together
 * @param plan who chooses how pairs are looked at
 * @param rows where the smaller neuron of a pair must be
 * @param firstColumn 0; or the end of {@code rows} or more, from where on the larger neuron must be
 */
public record CorrelationQuery(
        double threshold, Sign sign, long mostEdges, long memory, PlanChoice plan, RowRange rows, int firstColumn) {
    public CorrelationQuery {
        if (!(threshold >= -1 && threshold <= 1)) {
            throw MorulaException.usage("the threshold is %s: it must be between -1 and 1", threshold);
        }
        if (mostEdges < 1) {
            throw MorulaException.usage("at most %d edges were asked for: at least 1 is needed", mostEdges);
        }
        if (firstColumn != 0 && firstColumn < rows.end()) {
            throw new IllegalArgumentException("columns from " + firstColumn + " on begin within rows " + rows);
        }
    }

    /** Correlations of at least {@code threshold}, with 2 GiB of memory for panels and edges. */
    public static CorrelationQuery atLeast(double threshold) {
        return new CorrelationQuery(threshold, Sign.SIGNED, Long.MAX_VALUE, 2L << 30, PlanChoice.AUTO, RowRange.ALL, 0);
    }

    public CorrelationQuery withThreshold(double other) {
        return new CorrelationQuery(other, sign, mostEdges, memory, plan, rows, firstColumn);
    }

    public CorrelationQuery withSign(Sign other) {
        return new CorrelationQuery(threshold, other, mostEdges, memory, plan, rows, firstColumn);
    }

    public CorrelationQuery withMostEdges(long other) {
        return new CorrelationQuery(threshold, sign, other, memory, plan, rows, firstColumn);
    }

    public CorrelationQuery withMemory(long other) {
        return new CorrelationQuery(threshold, sign, mostEdges, other, plan, rows, firstColumn);
    }

    public CorrelationQuery withPlan(PlanChoice other) {
        return new CorrelationQuery(threshold, sign, mostEdges, memory, other, rows, firstColumn);
    }

    public CorrelationQuery withRows(RowRange other) {
        return new CorrelationQuery(threshold, sign, mostEdges, memory, plan, other, firstColumn);
    }

    /** Pairs of a neuron before {@code neuron} and one from there on: those of two layers, one behind the other. */
    public CorrelationQuery withFirstColumn(int neuron) {
        return new CorrelationQuery(threshold, sign, mostEdges, memory, plan, new RowRange(0, neuron), neuron);
    }

    /** The neurons of {@code layer} that have a correlation and may be part of a pair, ascending. */
    int[] neurons(StandardisedLayer layer) {
        int smallest = Math.max(rows.first(), firstColumn);
        return IntStream.of(layer.correlated())
                .filter(neuron -> neuron >= smallest || rows.contains(neuron))
                .toArray();
    }

    /** How many pairs of {@code neurons}, ascending, are in {@code part} of the rows. */
    long pairs(int[] neurons, RowRange part) {
        long left = count(neurons, part.first(), part.end());
        long right = count(neurons, Math.max(part.end(), firstColumn), Integer.MAX_VALUE);
        return PairRegion.pairs(left + right, left, firstColumn == 0 ? 0 : left);
    }

    private static long count(int[] neurons, int first, int end) {
        return IntStream.of(neurons).filter(n -> first <= n && n < end).count();
    }
}
