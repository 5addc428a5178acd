package dev.morula.redundancy.depth;

import dev.morula.kernel.ElementType;
import dev.morula.kernel.Kernels;
import dev.morula.kernel.Matrix;
import dev.morula.kernel.Workers;
import dev.morula.redundancy.ClassMeans;
import dev.morula.redundancy.Features;

/** The means of those classes of a layer that have a sample, and where they lie around their own mean. */
public final class ClassCentres implements AutoCloseable {
    private final ClassMeans means;
    private final int[] present;
    private final Matrix centre;
    private final Matrix directions;
    private final RowProducts products;

    private ClassCentres(ClassMeans means, int[] present, Matrix centre, Matrix directions) {
        this.means = means;
        this.present = present;
        this.centre = centre;
        this.directions = directions;
        fill();
        this.products = RowProducts.of(directions);
    }

    /** Those of {@code features}. */
    public static ClassCentres of(Features features, Kernels kernels, Workers workers) {
        ClassMeans means = ClassMeans.of(features, kernels, workers);
        Matrix centre = null;
        Matrix directions = null;
        try {
            int[] present = means.present();
            centre = Matrix.allocate(ElementType.F64, 1, features.neurons());
            directions = Matrix.allocate(ElementType.F64, present.length, features.neurons());
            return new ClassCentres(means, present, centre, directions);
        } catch (RuntimeException | Error e) {
            close(means, centre, directions);
            throw e;
        }
    }

    private void fill() {
        int neurons = Math.toIntExact(centre.columns());
        double[] mean = new double[neurons];
        double[] row = new double[neurons];
        for (int label : present) {
            means.means().read((long) label * neurons, row, 0, neurons);
            for (int i = 0; i < neurons; i++) {
                mean[i] += row[i] / present.length;
            }
        }
        centre.write(0, mean, 0, neurons);
        for (int k = 0; k < present.length; k++) {
            means.means().read((long) present[k] * neurons, row, 0, neurons);
            for (int i = 0; i < neurons; i++) {
                row[i] -= mean[i];
            }
            directions.write((long) k * neurons, row, 0, neurons);
        }
    }

    /** The classes that have a sample, ascending: row k of {@link #directions} is the mean of class {@code present()[k]}. */
    public int[] present() {
        return present.clone();
    }

    /** Classes that there are, those without a sample too. */
    public int classes() {
        return means.counts().length;
    }

    int samples(int label) {
        return means.counts()[label];
    }

    /** Classes x neurons, F64; 0 for classes without a sample. */
    Matrix means() {
        return means.means();
    }

    /** The mean of the class means, 1 x neurons, F64: each class counts the same, however many samples it has. */
    Matrix centre() {
        return centre;
    }

    /** Class means less the centre: present classes x neurons, F64. */
    Matrix directions() {
        return directions;
    }

    /** Inner products and squared distances of the rows of {@link #directions}. */
    RowProducts products() {
        return products;
    }

    @Override
    public void close() {
        close(means, centre, directions);
    }

    private static void close(ClassMeans means, Matrix... matrices) {
        means.close();
        for (Matrix matrix : matrices) {
            if (matrix != null) {
                matrix.close();
            }
        }
    }
}
