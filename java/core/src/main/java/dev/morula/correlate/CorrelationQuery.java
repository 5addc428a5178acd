package dev.morula.correlate;

import dev.morula.MorulaException;
import dev.morula.kernel.Sign;

/**
 * What makes a pair of neurons an edge, and how many edges there may be.
 *
 * @param threshold a pair is an edge if its correlation is at least this, between -1 and 1; a tie is an edge
 * @param sign whether the correlation or its absolute value is compared
 * @param mostEdges more edges than this end the run with {@link MorulaException.Kind#RESOURCES}
 * @param memory bytes that panels, candidates and edges may take together
 * @param plan who chooses how pairs are looked at
 */
public record CorrelationQuery(double threshold, Sign sign, long mostEdges, long memory, PlanChoice plan) {
    public CorrelationQuery {
        if (!(threshold >= -1 && threshold <= 1)) {
            throw MorulaException.usage("the threshold is %s: it must be between -1 and 1", threshold);
        }
        if (mostEdges < 1) {
            throw MorulaException.usage("at most %d edges were asked for: at least 1 is needed", mostEdges);
        }
    }

    /** Correlations of at least {@code threshold}, with 2 GiB of memory for panels and edges. */
    public static CorrelationQuery atLeast(double threshold) {
        return new CorrelationQuery(threshold, Sign.SIGNED, Long.MAX_VALUE, 2L << 30, PlanChoice.AUTO);
    }

    public CorrelationQuery withThreshold(double other) {
        return new CorrelationQuery(other, sign, mostEdges, memory, plan);
    }

    public CorrelationQuery withSign(Sign other) {
        return new CorrelationQuery(threshold, other, mostEdges, memory, plan);
    }

    public CorrelationQuery withMostEdges(long other) {
        return new CorrelationQuery(threshold, sign, other, memory, plan);
    }

    public CorrelationQuery withMemory(long other) {
        return new CorrelationQuery(threshold, sign, mostEdges, other, plan);
    }

    public CorrelationQuery withPlan(PlanChoice other) {
        return new CorrelationQuery(threshold, sign, mostEdges, memory, other);
    }
}
