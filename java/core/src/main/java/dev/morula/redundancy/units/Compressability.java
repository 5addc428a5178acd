package dev.morula.redundancy.units;

import dev.morula.kernel.ElementType;
import dev.morula.kernel.Kernels;
import dev.morula.kernel.Matrix;
import dev.morula.kernel.Workers;
import dev.morula.redundancy.Gram;

/**
 * How many directions of a layer hardly matter (Casper et al.: "redundancy", later "compressability").
 *
 * @param directions the number of smallest eigenvalues of the units' covariance that together first exceed 5 % of the
 *     variance; dead and constant units have directions too, with eigenvalue 0
 */
public record Compressability(long directions, long units) {
    private static final double SHARE = 0.05;

    /**
     * The compressability of a layer, or null if nothing in it varies or a value is not finite. The time grows with
     * units^3, the memory is 16 units^2 bytes.
     *
     * @param activations rows (samples, or positions of them) x units, F32
     */
    public static Compressability of(Matrix activations, Kernels kernels, Workers workers) {
        int units = Math.toIntExact(activations.columns());
        double[] eigenvalues = new double[units];
        try (Gram gram = Gram.of(activations, kernels, workers);
                Matrix found = Matrix.allocate(ElementType.F64, 1, units)) {
            if (!hasFiniteVariance(gram)) {
                return null;
            }
            kernels.algebra().eigenvalues(found, gram.products());
            found.read(0, eigenvalues, 0, units);
        }
        return ofAscending(eigenvalues);
    }

    /** LAPACK may never end on numbers that are none; the variances of units tell, since they bound their covariances. */
    private static boolean hasFiniteVariance(Gram gram) {
        double[] one = new double[1];
        double sum = 0;
        for (long unit = 0; unit < gram.neurons(); unit++) {
            gram.products().read(unit * (gram.neurons() + 1L), one, 0, 1);
            sum += one[0];
        }
        return Double.isFinite(sum) && sum > 0;
    }

    /** That of a layer with such eigenvalues, of which at least one is above 0. */
    static Compressability ofAscending(double[] eigenvalues) {
        double total = 0;
        for (double eigenvalue : eigenvalues) {
            total += Math.max(0, eigenvalue); // those of 0 come out a little above or below it
        }
        int directions = 0;
        double sum = 0;
        while (sum <= SHARE * total) {
            sum += Math.max(0, eigenvalues[directions]);
            directions++;
        }
        return new Compressability(directions, eigenvalues.length);
    }

    /** Share of the units' directions. */
    public double share() {
        return (double) directions / units;
    }
}
