package dev.morula.train;

import dev.morula.kernel.Matrix;
import dev.morula.network.ParameterSpec;
import java.util.List;

/** A convolution's weight has its input channels innermost here, and outermost in PyTorch. */
final class ChannelOrder {
    private ChannelOrder() {}

    /** Whether the two orders differ for such a tensor. */
    static boolean differs(ParameterSpec spec) {
        return spec.shape().size() == 4;
    }

    static void toPyTorch(Matrix out, Matrix inp, ParameterSpec spec) {
        List<Integer> shape = spec.shape();
        transposeRows(out, inp, shape.get(2) * shape.get(3), shape.get(1));
    }

    static void fromPyTorch(Matrix out, Matrix inp, ParameterSpec spec) {
        List<Integer> shape = spec.shape();
        transposeRows(out, inp.reshape(out.rows(), out.columns()), shape.get(1), shape.get(2) * shape.get(3));
    }

    /** Takes each row as a matrix of {@code rows} x {@code columns} and transposes that. */
    private static void transposeRows(Matrix out, Matrix inp, int rows, int columns) {
        float[] values = new float[rows * columns];
        float[] transposed = new float[rows * columns];
        for (long output = 0; output < out.rows(); output++) {
            inp.read(output * values.length, values, 0, values.length);
            for (int row = 0; row < rows; row++) {
                for (int column = 0; column < columns; column++) {
                    transposed[column * rows + row] = values[row * columns + column];
                }
            }
            out.write(output * values.length, transposed, 0, transposed.length);
        }
    }
}
