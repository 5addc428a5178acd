package dev.morula.redundancy.clones;

import dev.morula.redundancy.Estimate;
import java.util.Arrays;

/**
 * A figure of dealt clones beside that of random ones.
 *
 * @param dealt the figure of what was dealt by types; null where it is undefined
 * @param random over random draws
 * @param p the share (k + 1) / (m + 1), for k of m random draws that do at least as well: the one-sided p-value of a
 *     permutation test; null where the figure is undefined for a draw
 */
public record Comparison(Double dealt, Estimate random, Double p) {
    private static final double LEVEL = 0.05;

    /** Which figures are good. */
    enum Good {
        LOW,
        HIGH
    }

    static Comparison of(double dealt, double[] random, Good good) {
        boolean defined = Double.isFinite(dealt) && Arrays.stream(random).allMatch(Double::isFinite);
        long asGood = Arrays.stream(random)
                .filter(draw -> good == Good.LOW ? draw <= dealt : draw >= dealt)
                .count();
        return new Comparison(
                Double.isFinite(dealt) ? (Double) dealt : null,
                Estimate.of(random),
                defined && random.length > 0 ? (Double) ((asGood + 1.0) / (random.length + 1)) : null);
    }

    /** Whether chance does as well in fewer than one case of 20. */
    public boolean isBetter() {
        return p != null && p <= LEVEL;
    }
}
