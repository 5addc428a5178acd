package dev.morula.correlate;

/**
 * The share of the pairs of a layer that has some property, from 0 to 1, and the 95 % confidence interval around it if it
 * was estimated from all pairs of a random sample of neurons.
 *
 * <p>Pairs that share a neuron are not independent, so the variance is that of a U-statistic of degree 2 under sampling
 * without replacement from finitely many neurons, estimated without bias (Horvitz and Thompson, A generalization of sampling
 * without replacement from a finite universe, 1952): products of two pairs are weighted by how likely the 2, 3 or 4 neurons
 * that they have together were to be drawn. It gives the number of independent pairs that would tell as much: not more than
 * were counted, and not fewer than half the neurons (Hoeffding, Probability inequalities for sums of bounded random
 * variables, 1963, section 5). With that number the interval is Wilson's with continuity correction (Newcombe, Two-sided
 * confidence intervals for the single proportion, 1998, method 4), which also holds where nothing was found. It is too
 * narrow for a property that only pairs within one small group of neurons have: a sample holds few of them, or none.
 *
 * @param value the share, or its estimate
 * @param lower where the interval begins; {@code value} if that is exact
 * @param upper where it ends
 */
public record PairShare(double value, double lower, double upper) {
    private static final double Z = 1.959963984540054; // the normal distribution's quantile of 97.5 %

    /** {@code found} of all {@code pairs}. */
    static PairShare exact(long found, long pairs) {
        double share = pairs == 0 ? 0 : (double) found / pairs;
        return new PairShare(share, share, share);
    }

    /**
     * An estimate from all pairs of {@code neurons} that were drawn from {@code candidates}, at least 4 of more than 4.
     *
     * @param found pairs with the property
     * @param sharing how often two of them share a neuron
     */
    static PairShare sampled(long found, long sharing, int neurons, int candidates) {
        double pairs = neurons * (neurons - 1.0) / 2;
        double share = found / pairs;
        double variance = variance(found, sharing, neurons, candidates) / (pairs * pairs);
        double independent = share * (1 - share) / Math.max(variance, 0);
        // 0 / 0, from nothing found or from nothing else, leaves no more than the certain bound
        double trusted = Double.isNaN(independent) ? 0 : independent;
        return interval(share, Math.max(neurons / 2, Math.min(pairs, trusted)));
    }

    /** Of the number of pairs found: its square less the estimated square of its expectation. */
    private static double variance(double found, double sharing, double neurons, double candidates) {
        double two =
                neurons * (neurons - 1) / (candidates * (candidates - 1)); // how likely two neurons were both drawn
        double three = two * (neurons - 2) / (candidates - 2);
        double four = three * (neurons - 3) / (candidates - 3);
        double disjoint = found * (found - 1) / 2 - sharing;
        return found * found - two * (found + 2 * two / three * sharing + 2 * two / four * disjoint);
    }

    /** For a share {@code p} that was found in {@code n} independent trials. */
    private static PairShare interval(double p, double n) {
        double middle = 2 * n * p + Z * Z;
        double below = Z * Math.sqrt(Math.max(0, Z * Z - 2 - 1 / n + 4 * p * (n * (1 - p) + 1)));
        double above = Z * Math.sqrt(Math.max(0, Z * Z + 2 - 1 / n + 4 * p * (n * (1 - p) - 1)));
        double lower = p == 0 ? 0 : Math.max(0, (middle - 1 - below) / (2 * (n + Z * Z)));
        double upper = p == 1 ? 1 : Math.min(1, (middle + 1 + above) / (2 * (n + Z * Z)));
        return new PairShare(p, lower, upper);
    }
}
