package dev.morula.redundancy.depth;

import dev.morula.kernel.ElementType;
import dev.morula.kernel.Kernels;
import dev.morula.kernel.Matrix;

/**
 * NC1: {@code Tr(Sigma_W pinv(Sigma_B))}, with Sigma_W the covariance of samples around their class means and Sigma_B that
 * of the class means around their own mean. Sigma_B = M^T M / C for the C centred class means M, so its eigenvectors are
 * {@code M^T u / sqrt(C lambda)} for those u of the small matrix {@code M M^T / C}, and what Sigma_W is along them follows
 * from projections on M alone.
 */
final class VariabilityCollapse {
    /** Smaller eigenvalues, relative to the largest, are rounding: class means that lie in fewer dimensions. */
    private static final double RANK = 1e-12;

    private VariabilityCollapse() {}

    /** NC1 of the features that were projected on their own centres; null if their class means are all the same. */
    static Double nc1(Projection projection, Kernels kernels) {
        int width = projection.width();
        double[][] within = within(projection);
        double[] axes = new double[width * width];
        double[] variances = new double[width];
        if (!axes(projection.centres().products().products(), axes, variances, kernels)) {
            return null;
        }
        double sum = 0;
        for (int k = 0; k < width && variances[k] > RANK * variances[0]; k++) {
            double along = 0;
            for (int i = 0; i < width; i++) {
                for (int j = 0; j < width; j++) {
                    along += axes[k * width + i] * within[i][j] * axes[k * width + j];
                }
            }
            sum += along / (width * variances[k] * variances[k]);
        }
        return Double.isFinite(sum) ? sum : null;
    }

    /** Eigenvectors, as rows, and eigenvalues of {@code products / C}, largest first; false if there is nothing in it. */
    private static boolean axes(double[][] products, double[] axes, double[] variances, Kernels kernels) {
        int width = products.length;
        double trace = 0;
        try (Matrix vectors = Matrix.allocate(ElementType.F64, width, width);
                Matrix values = Matrix.allocate(ElementType.F64, 1, width);
                Matrix covariance = Matrix.allocate(ElementType.F64, width, width)) {
            for (int row = 0; row < width; row++) {
                double[] scaled = products[row].clone();
                for (int column = 0; column < width; column++) {
                    scaled[column] /= width;
                }
                trace += scaled[row];
                covariance.write((long) row * width, scaled, 0, width);
            }
            if (!(trace > 0 && Double.isFinite(trace))) {
                return false;
            }
            kernels.samples().principalAxes(vectors, values, covariance);
            vectors.read(0, axes, 0, axes.length);
            values.read(0, variances, 0, variances.length);
            return true;
        }
    }

    /** The covariance of projections around their class means, C x C. */
    private static double[][] within(Projection projection) {
        double[][] means = means(projection);
        int[] labels = projection.features().labels();
        double[] row = new double[projection.width()];
        double[][] sums = new double[row.length][row.length];
        for (int sample = 0; sample < labels.length; sample++) {
            projection.read(sample, row);
            for (int i = 0; i < row.length; i++) {
                row[i] -= means[labels[sample]][i];
            }
            for (int i = 0; i < row.length; i++) {
                for (int j = 0; j < row.length; j++) {
                    sums[i][j] += row[i] * row[j] / labels.length;
                }
            }
        }
        return sums;
    }

    private static double[][] means(Projection projection) {
        int[] labels = projection.features().labels();
        double[] row = new double[projection.width()];
        double[][] means = new double[projection.centres().classes()][row.length];
        for (int sample = 0; sample < labels.length; sample++) {
            projection.read(sample, row);
            for (int i = 0; i < row.length; i++) {
                means[labels[sample]][i] += row[i] / projection.centres().samples(labels[sample]);
            }
        }
        return means;
    }
}
