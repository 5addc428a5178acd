package dev.morula.prepare;

import dev.morula.MorulaException;
import dev.morula.data.SafetensorsFile;
import dev.morula.data.SafetensorsWriter;
import dev.morula.data.SafetensorsWriter.Tensor;
import dev.morula.data.StoredArray;
import dev.morula.kernel.ElementType;
import dev.morula.kernel.Kernels;
import dev.morula.kernel.Matrix;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * The directions in which standardised samples vary most: the components of x are {@code weight (x - mean)}.
 *
 * @param weight components x numbers of a sample, strongest first; each row is a unit vector whose largest number is
 *     positive, divided by the standard deviation along it if the components are whitened
 * @param mean 1 x numbers of a sample, F64: that of the train set
 */
public record PrincipalComponents(Matrix weight, Matrix mean) implements AutoCloseable {
    private static final String WEIGHT = "pca.weight";
    private static final String MEAN = "pca.mean";

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

    /** Writes them as safetensors, so that a run can be taken up again without its train set. */
    public void write(Path file) {
        SafetensorsWriter.write(file, List.of(Tensor.matrix(WEIGHT, weight), Tensor.vector(MEAN, mean)), Map.of());
    }

    /** Reads what {@link #write} wrote. */
    public static PrincipalComponents read(Path file) {
        SafetensorsFile stored = SafetensorsFile.open(file);
        StoredArray weight = stored.tensor(WEIGHT);
        StoredArray mean = stored.tensor(MEAN);
        if (weight.type() != ElementType.F32
                || mean.type() != ElementType.F64
                || weight.shape().size() != 2
                || !mean.shape().equals(weight.shape().subList(1, 2))) {
            throw MorulaException.input(
                    "%s: has %s %s of %s and %s %s of %s; a matrix of F32 and one number of F64 for each of its columns "
                            + "are needed",
                    file, WEIGHT, weight.shape(), weight.type(), MEAN, mean.shape(), mean.type());
        }
        PrincipalComponents components =
                allocate(weight.shape().get(0), weight.shape().get(1));
        copy(weight, components.weight);
        copy(mean, components.mean);
        return components;
    }

    private static void copy(StoredArray tensor, Matrix target) {
        try (Matrix values = tensor.map()) {
            values.copyTo(0, target, 0, tensor.count());
        }
    }

    @Override
    public void close() {
        weight.close();
        mean.close();
    }
}
