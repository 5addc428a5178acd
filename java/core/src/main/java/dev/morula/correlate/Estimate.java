package dev.morula.correlate;

import dev.morula.correlate.CorrelationPlan.Method;

/**
 * What looking at a layer's pairs in one way is expected to take and to leave.
 *
 * @param rank numbers of a projection; 0 for {@link Method#BRUTE}
 * @param project seconds of projecting the neurons
 * @param search seconds of ruling pairs out
 * @param refine seconds of deciding those that are left
 * @param pass what of that is going through the layer once, however few pairs are left
 * @param survivors how many pairs are left
 */
record Estimate(Method method, int rank, double project, double search, double refine, double pass, double survivors) {
    double seconds() {
        return project + search + refine;
    }
}
