package dev.morula.prepare;

import dev.morula.MorulaException;
import dev.morula.data.DataSet;
import dev.morula.kernel.ElementType;
import dev.morula.kernel.Kernels;
import dev.morula.kernel.Matrix;
import dev.morula.kernel.Workers;
import dev.morula.network.NetworkDefinition;
import dev.morula.network.Shape;
import java.util.zip.CRC32C;

/**
 * A network's inputs with their labels.
 *
 * @param inputs (samples * positions) x channels, F32; features have one position
 * @param labels samples x 1, I32
 */
public record Samples(Matrix inputs, Matrix labels) implements AutoCloseable {
    private static final int PIECE = 1 << 20; // bytes

    /** Samples of zeros, each of that shape. */
    public static Samples allocate(long count, Shape shape) {
        return new Samples(
                Matrix.allocate(ElementType.F32, count * shape.positions(), shape.channels()),
                Matrix.allocate(ElementType.I32, count, 1));
    }

    /** All samples of {@code data} as inputs for {@code network}. */
    public static Samples of(
            DataSet data, FittedPreparation preparation, NetworkDefinition network, Kernels kernels, Workers workers) {
        if (data.classes() > Math.max(2, network.outputs())) { // one output tells two classes apart
            throw MorulaException.input(
                    "%s: there are %d classes, but the network's read-out has %d",
                    data.name(), data.classes(), network.outputs());
        }
        return preparation.samples(data, network.input(), kernels, workers);
    }

    public long count() {
        return labels.rows();
    }

    /** Rows of the inputs that one sample has. */
    long positions() {
        return inputs.rows() / labels.rows();
    }

    /** A view of {@code count} samples from {@code first} on. */
    public Samples slice(long first, long count) {
        return new Samples(inputs.slice(first * positions(), count * positions()), labels.slice(first, count));
    }

    /** A checksum (CRC-32C) of all inputs and labels, by which other samples can be told from these. */
    public long checksum() {
        CRC32C checksum = new CRC32C();
        for (Matrix matrix : new Matrix[] {inputs, labels}) {
            byte[] piece = new byte[(int) Math.min(PIECE, matrix.bytes())];
            long elements = matrix.rows() * matrix.columns();
            int most = piece.length / matrix.type().bytes();
            for (long from = 0; from < elements; from += most) {
                int count = (int) Math.min(most, elements - from);
                matrix.readBytes(from, piece, count);
                checksum.update(piece, 0, count * matrix.type().bytes());
            }
        }
        return checksum.getValue();
    }

    @Override
    public void close() {
        inputs.close();
        labels.close();
    }
}
