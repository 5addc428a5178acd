package dev.morula.prepare;

import dev.morula.kernel.ElementType;
import dev.morula.kernel.Kernels;
import dev.morula.kernel.Matrix;

/**
 * The directions in which standardised samples vary most: the components of x are {@code weight (x - mean)}.
 *
 * @param weight components x numbers of a sample, strongest first; each row is a unit vector whose largest number is
 *     positive, divided by the standard deviation along it if the components are whitened
 * @param mean 1 x numbers of a sample, F64: that of the train set
 */
public record PrincipalComponents(Matrix weight, Matrix mean) implements AutoCloseable {

    static PrincipalComponents allocate(long count, long inputs) {
        return new PrincipalComponents(
                Matrix.allocate(ElementType.F32, count, inputs), Matrix.allocate(ElementType.F64, 1, inputs));
    }

    /** How many components there are. */
    public int count() {
        return Math.toIntExact(weight.rows());
    }

    /** Numbers of a sample. */
    int inputs() {
        return Math.toIntExact(weight.columns());
    }

    double[] means() {
        double[] means = new double[inputs()];
        mean.read(0, means, 0, means.length);
        return means;
    }

    /** The components {@code out} (samples x components) of {@code rows} (samples x numbers of a sample, less the means). */
    void project(Matrix out, Matrix rows, Kernels kernels) {
        kernels.product(out, rows, weight);
    }

    @Override
    public void close() {
        weight.close();
        mean.close();
    }
}
