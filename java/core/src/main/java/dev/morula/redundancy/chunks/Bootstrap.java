package dev.morula.redundancy.chunks;

import dev.morula.RandomNumbers;
import dev.morula.kernel.ElementType;
import dev.morula.kernel.Kernels;
import dev.morula.kernel.Matrix;
import dev.morula.kernel.Workers;

/**
 * Paired resamples of networks and test samples: all sizes and networks of a resample have the same samples. Errors of all
 * resamples are products of how often each sample comes with the shares that get it wrong.
 */
final class Bootstrap {
    private static final int BATCH = 50; // resamples of a product

    /** One resample: the error by size, and the networks and how often each sample comes, for what else is to be known. */
    @FunctionalInterface
    interface Use {
        void take(int resample, double[] errors, int[] networks, float[] times);
    }

    private final SeedCurves curves;
    private final long seed;
    private final Kernels kernels;

    Bootstrap(SeedCurves curves, long seed, Kernels kernels) {
        this.curves = curves;
        this.seed = seed;
        this.kernels = kernels;
    }

    /** As many of 0 to {@code count - 1}, each drawn from all. */
    static int[] resample(int count, RandomNumbers random) {
        int[] drawn = new int[count];
        for (int k = 0; k < count; k++) {
            drawn[k] = random.nextBelow(count);
        }
        return drawn;
    }

    void forEach(int resamples, Workers workers, Use use) {
        try (Matrix shares = shares()) {
            workers.forEach((resamples + BATCH - 1) / BATCH, (batch, worker) -> {
                int first = (int) batch * BATCH;
                batch(shares, first, Math.min(BATCH, resamples - first), use);
            });
        }
    }

    /** (networks * sizes) x samples. */
    private Matrix shares() {
        int sizes = curves.sizes().length;
        Matrix shares = Matrix.allocate(ElementType.F32, (long) curves.networks() * sizes, curves.samples());
        for (int network = 0; network < curves.networks(); network++) {
            for (int size = 0; size < sizes; size++) {
                float[] row = curves.sharesWrong()[network][size];
                shares.write(((long) network * sizes + size) * row.length, row, 0, row.length);
            }
        }
        return shares;
    }

    private void batch(Matrix shares, int first, int count, Use use) {
        int[][] networks = new int[count][];
        try (Matrix times = Matrix.allocate(ElementType.F32, count, curves.samples());
                Matrix sums = Matrix.allocate(ElementType.F32, count, shares.rows())) {
            for (int k = 0; k < count; k++) {
                RandomNumbers random = RandomNumbers.of(seed, RandomNumbers.Stream.BOOTSTRAP, first + k, 1);
                networks[k] = resample(curves.networks(), random);
                float[] row = new float[curves.samples()];
                for (int sample : resample(row.length, random)) {
                    row[sample]++;
                }
                times.write((long) k * row.length, row, 0, row.length);
            }
            kernels.product(sums, times, shares);
            for (int k = 0; k < count; k++) {
                use.take(first + k, errors(sums.row(k), networks[k]), networks[k], times.row(k));
            }
        }
    }

    private double[] errors(float[] sums, int[] networks) {
        double[] errors = new double[curves.sizes().length];
        for (int network : networks) {
            for (int size = 0; size < errors.length; size++) {
                errors[size] += sums[network * errors.length + size];
            }
        }
        for (int size = 0; size < errors.length; size++) {
            errors[size] /= (double) networks.length * curves.samples();
        }
        return errors;
    }
}
