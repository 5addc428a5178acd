package dev.morula.correlate;

/**
 * How the pairs of a layer are looked at.
 *
 * @param method what rules pairs out
 * @param rank numbers of a projection; 0 for {@link Method#BRUTE}
 * @param tiles how the pairs are cut into tiles
 */
public record CorrelationPlan(Method method, int rank, TilePlan tiles) {
    /** What rules pairs out. */
    public enum Method {
        /** Products over all samples. */
        BRUTE,
        /** Projections on the directions in which the layer varies most, with what they do not see. */
        PRINCIPAL,
        /** Some of the samples, with the norm of the others: enough where neurons have little in common. */
        COORDINATES
    }
}
