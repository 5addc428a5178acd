package dev.morula.redundancy.depth;

import dev.morula.MorulaException;
import java.util.List;

/**
 * The terms of the bound on the expected test error (Galanti et al.): {@code P[E d(S1) >= d_min(S1 u S2~)] + (1 + alpha) p}
 * and terms delta.
 *
 * @param probability share of trials in which the mean effective depth on clean samples reached the least depth at which
 *     clean and noisy samples together can be told apart
 * @param noise (1 + alpha) p
 * @param sum of the two: the bound but for its delta terms
 * @param deltas what is known of them
 */
public record DepthBound(double probability, double noise, double sum, String deltas) {
    /** The paper does not say how to compute the delta terms. */
    public static final String DELTAS = "not computed";

    /**
     * One choice of S1, S2 and the noisy labels.
     *
     * @param clean effective depths of networks trained on S1, one a seed; null where there is none
     * @param noisy those of networks of all depths and seeds trained on S1 and S2 with noise; null where there is none
     */
    public record Trial(List<Integer> clean, List<Integer> noisy) {
        /** No depth is deeper than all others. */
        private boolean reached() {
            double mean = clean.stream().mapToDouble(Trial::depth).sum() / clean.size();
            return mean >= noisy.stream().mapToDouble(Trial::depth).min().orElseThrow();
        }

        private static double depth(Integer depth) {
            return depth == null ? Double.POSITIVE_INFINITY : depth;
        }
    }

    /**
     * The bound from {@code trials}, at least one, each with at least one depth of either kind.
     *
     * @param share p: the share of S2's labels that are random, 0 to 1
     * @param alpha as in the paper, at least 0
     */
    public static DepthBound of(List<Trial> trials, double share, double alpha) {
        if (!(share >= 0 && share <= 1 && alpha >= 0)) {
            throw MorulaException.usage(
                    "depth bound: share %s and alpha %s; they must be 0 to 1 and at least 0", share, alpha);
        }
        if (trials.isEmpty()
                || trials.stream()
                        .anyMatch(t -> t.clean().isEmpty() || t.noisy().isEmpty())) {
            throw MorulaException.input("depth bound: there must be trials, each with clean and noisy depths");
        }
        double probability = (double) trials.stream().filter(Trial::reached).count() / trials.size();
        double noise = (1 + alpha) * share;
        return new DepthBound(probability, noise, probability + noise, DELTAS);
    }
}
