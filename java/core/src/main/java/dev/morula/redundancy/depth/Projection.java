package dev.morula.redundancy.depth;

import dev.morula.kernel.ElementType;
import dev.morula.kernel.Kernels;
import dev.morula.kernel.Matrix;
import dev.morula.kernel.Workers;
import dev.morula.redundancy.Features;

/**
 * Samples seen from the class centres alone: their inner products with the centred class means. Distances to the centres
 * and the trace of NC1 follow from these, so that a layer of W neurons needs no W x W matrix.
 *
 * @param values samples x present classes, F64
 */
record Projection(ClassCentres centres, Features features, Matrix values) implements AutoCloseable {
    private static final int SAMPLES = 256; // a part of parallel work

    /** The caller closes it; it does not own {@code centres} or {@code features}. */
    static Projection of(ClassCentres centres, Features features, Kernels kernels, Workers workers) {
        Matrix values = Matrix.allocate(
                ElementType.F64, features.samples(), centres.directions().rows());
        try {
            workers.forEach((features.samples() + SAMPLES - 1L) / SAMPLES, (part, worker) -> {
                long first = part * SAMPLES;
                long count = Math.min(SAMPLES, features.samples() - first);
                kernels.classes()
                        .project(
                                values.slice(first, count),
                                features.activations().slice(first, count),
                                centres.centre(),
                                centres.directions());
            });
            return new Projection(centres, features, values);
        } catch (RuntimeException | Error e) {
            values.close();
            throw e;
        }
    }

    int samples() {
        return features.samples();
    }

    int width() {
        return Math.toIntExact(values.columns());
    }

    /** The products of sample {@code sample}, one a present class. */
    void read(int sample, double[] products) {
        values.read((long) sample * products.length, products, 0, products.length);
    }

    @Override
    public void close() {
        values.close();
    }
}
