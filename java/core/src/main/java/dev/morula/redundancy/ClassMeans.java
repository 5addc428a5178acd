package dev.morula.redundancy;

import dev.morula.kernel.ElementType;
import dev.morula.kernel.Kernels;
import dev.morula.kernel.Matrix;
import dev.morula.kernel.Workers;
import java.util.stream.IntStream;

/**
 * The mean activations of every class.
 *
 * @param means classes x neurons, F64; 0 for classes without a sample
 * @param counts samples of each class
 */
public record ClassMeans(Matrix means, int[] counts) implements AutoCloseable {
    private static final int SIDE = 512; // neurons a part of parallel work

    /** Those of {@code features}; independent of the number of threads. */
    public static ClassMeans of(Features features, Kernels kernels, Workers workers) {
        int neurons = features.neurons();
        int[] counts = new int[features.classes()];
        for (int label : features.labels()) {
            counts[label]++;
        }
        Matrix means = Matrix.allocate(ElementType.F64, counts.length, neurons);
        try (Matrix labels = labels(features)) {
            workers.forEach((neurons + SIDE - 1L) / SIDE, (part, worker) -> {
                int first = (int) part * SIDE;
                int width = Math.min(SIDE, neurons - first);
                kernels.classes().sums(means, features.activations(), labels, first, width);
                divide(means, counts, first, width);
            });
            return new ClassMeans(means, counts);
        } catch (RuntimeException | Error e) {
            means.close();
            throw e;
        }
    }

    /** The labels of {@code features} as kernels take them: samples x 1, I32. The caller closes them. */
    public static Matrix labels(Features features) {
        Matrix labels = Matrix.allocate(ElementType.I32, features.samples(), 1);
        labels.write(0, features.labels(), 0, features.samples());
        return labels;
    }

    private static void divide(Matrix sums, int[] counts, int first, int width) {
        double[] row = new double[width];
        for (int label = 0; label < counts.length; label++) {
            long from = label * sums.columns() + first;
            sums.read(from, row, 0, width);
            for (int i = 0; i < width; i++) {
                row[i] /= Math.max(1, counts[label]);
            }
            sums.write(from, row, 0, width);
        }
    }

    /** The classes that have a sample, ascending. */
    public int[] present() {
        return IntStream.range(0, counts.length)
                .filter(label -> counts[label] > 0)
                .toArray();
    }

    @Override
    public void close() {
        means.close();
    }
}
