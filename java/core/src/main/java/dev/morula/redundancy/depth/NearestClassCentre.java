package dev.morula.redundancy.depth;

import dev.morula.kernel.Kernels;
import dev.morula.kernel.Workers;
import dev.morula.redundancy.Features;
import dev.morula.redundancy.ReadOut;

/**
 * The classifier that takes a sample for the class whose mean is nearest (Galanti et al.: NCC).
 *
 * @param nearest for each sample that class, of equally near ones the first; {@link ReadOut#NO_CLASS} where an activation
 *     is not finite
 * @param correct samples for which it is their label
 */
public record NearestClassCentre(int[] nearest, int correct) {
    /**
     * On {@code features}, of the same neurons that {@code centres} were measured on. Classes without a centre are never
     * right.
     */
    public static NearestClassCentre of(ClassCentres centres, Features features, Kernels kernels, Workers workers) {
        try (Projection projection = Projection.of(centres, features, kernels, workers)) {
            return of(projection);
        }
    }

    static NearestClassCentre of(Projection projection) {
        int[] present = projection.centres().present();
        double[][] products = projection.centres().products().products();
        double[] row = new double[present.length];
        int[] nearest = new int[projection.samples()];
        int correct = 0;
        for (int sample = 0; sample < nearest.length; sample++) {
            projection.read(sample, row);
            int best = best(row, products);
            nearest[sample] = best < 0 ? ReadOut.NO_CLASS : present[best];
            correct += nearest[sample] == projection.features().labels()[sample] ? 1 : 0;
        }
        return new NearestClassCentre(nearest, correct);
    }

    /** With m the mean of class means, |h - mu_c|^2 = |h - m|^2 - 2 (h - m) . (mu_c - m) + |mu_c - m|^2. */
    private static int best(double[] row, double[][] products) {
        int best = 0;
        double least = Double.POSITIVE_INFINITY;
        for (int k = 0; k < row.length; k++) {
            double distance = products[k][k] - 2 * row[k];
            if (!Double.isFinite(distance)) {
                return -1;
            }
            if (distance < least) {
                least = distance;
                best = k;
            }
        }
        return best;
    }

    /** Share of samples that are taken for their own class. */
    public double accuracy() {
        return (double) correct / nearest.length;
    }

    /** Share of samples that are not. */
    public double error() {
        return (double) (nearest.length - correct) / nearest.length;
    }
}
