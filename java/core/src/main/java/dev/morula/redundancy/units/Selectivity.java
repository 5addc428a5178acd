package dev.morula.redundancy.units;

import dev.morula.kernel.Kernels;
import dev.morula.kernel.Workers;
import dev.morula.redundancy.ClassMeans;
import dev.morula.redundancy.Features;
import java.util.Arrays;

/**
 * How much more units say for one class than for the rest: {@code (c_max - c_rest) / (c_max + c_rest)}, with c_max the
 * largest of a unit's class means and c_rest the mean of its other class means (Casper et al., after Morcos et al., 2018).
 *
 * @param ofUnits for each unit where it is defined, ascending; it is not for dead units (0 / 0), nor for those with a
 *     negative class mean, which the formula is not made for
 */
public record Selectivity(double[] ofUnits) {
    private static final double UNSELECTIVE = 0.05;

    /** Those of {@code features}; of none if they are of fewer than two classes. */
    public static Selectivity of(Features features, Kernels kernels, Workers workers) {
        try (ClassMeans means = ClassMeans.of(features, kernels, workers)) {
            int[] classes = means.present();
            if (classes.length < 2) {
                return new Selectivity(new double[0]);
            }
            double[] largest = new double[features.neurons()];
            double[] sum = new double[features.neurons()];
            boolean[] negative = new boolean[features.neurons()];
            double[] row = new double[features.neurons()];
            for (int label : classes) {
                means.means().read((long) label * row.length, row, 0, row.length);
                for (int unit = 0; unit < row.length; unit++) {
                    largest[unit] = Math.max(largest[unit], row[unit]);
                    sum[unit] += row[unit];
                    negative[unit] |= row[unit] < 0;
                }
            }
            return new Selectivity(defined(largest, sum, negative, classes.length));
        }
    }

    private static double[] defined(double[] largest, double[] sum, boolean[] negative, int classes) {
        double[] selectivities = new double[sum.length];
        int count = 0;
        for (int unit = 0; unit < sum.length; unit++) {
            double rest = (sum[unit] - largest[unit]) / (classes - 1);
            double selectivity = (largest[unit] - rest) / (largest[unit] + rest);
            if (!negative[unit] && Double.isFinite(selectivity)) {
                selectivities[count++] = selectivity;
            }
        }
        return Arrays.copyOf(selectivities, count);
    }

    /** Mean over units; null if it is defined for none. */
    public Double mean() {
        return ofUnits.length == 0 ? null : Arrays.stream(ofUnits).sum() / ofUnits.length;
    }

    /** Share of units with less than 0.05; null if it is defined for none. */
    public Double unselective() {
        return ofUnits.length == 0
                ? null
                : (double) Arrays.stream(ofUnits)
                                .filter(each -> each < UNSELECTIVE)
                                .count()
                        / ofUnits.length;
    }
}
