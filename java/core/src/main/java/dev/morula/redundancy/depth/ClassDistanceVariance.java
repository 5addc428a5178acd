package dev.morula.redundancy.depth;

import dev.morula.kernel.ElementType;
import dev.morula.kernel.Kernels;
import dev.morula.kernel.Matrix;
import dev.morula.kernel.Workers;
import dev.morula.redundancy.ClassMeans;
import dev.morula.redundancy.Features;

/** Class-distance normalised variance (Galanti, György, Hutter, 2022): CDNV. */
public final class ClassDistanceVariance {
    private static final int SAMPLES = 256; // a part of parallel work

    private ClassDistanceVariance() {}

    /**
     * The mean over pairs of classes of {@code (Var_i + Var_j) / (2 |mu_i - mu_j|^2)}, with Var the mean squared distance of
     * a class's samples from their mean. Null for fewer than two classes, or if two of them have the same mean.
     *
     * @param centres of {@code features} themselves
     */
    public static Double of(ClassCentres centres, Features features, Kernels kernels, Workers workers) {
        int[] present = centres.present();
        double[] variances = variances(centres, features, kernels, workers);
        double[][] squares = centres.products().squaredDistances();
        double sum = 0;
        for (int i = 0; i < present.length; i++) {
            for (int j = 0; j < i; j++) {
                sum += (variances[present[i]] + variances[present[j]]) / (2 * squares[i][j]);
            }
        }
        double pairs = present.length * (present.length - 1) / 2.0;
        return Double.isFinite(sum / pairs) ? sum / pairs : null;
    }

    /** One a class, 0 for those without a sample. */
    private static double[] variances(ClassCentres centres, Features features, Kernels kernels, Workers workers) {
        double[] sums = new double[features.classes()];
        double[] distances = new double[features.samples()];
        try (Matrix labels = ClassMeans.labels(features);
                Matrix out = Matrix.allocate(ElementType.F64, features.samples(), 1)) {
            workers.forEach((features.samples() + SAMPLES - 1L) / SAMPLES, (part, worker) -> {
                long first = part * SAMPLES;
                long count = Math.min(SAMPLES, features.samples() - first);
                kernels.classes()
                        .distances(
                                out.slice(first, count),
                                features.activations().slice(first, count),
                                labels.slice(first, count),
                                centres.means());
            });
            out.read(0, distances, 0, distances.length);
        }
        for (int sample = 0; sample < distances.length; sample++) {
            int label = features.labels()[sample];
            sums[label] += distances[sample] / centres.samples(label);
        }
        return sums;
    }
}
