package dev.morula.graph;

import dev.morula.MorulaException;
import dev.morula.data.NpzArray;
import dev.morula.data.NpzFile;
import dev.morula.kernel.ElementType;
import dev.morula.kernel.Matrix;
import dev.morula.kernel.MatrixAllocator;
import java.nio.file.Path;

/** An array of a stored graph, in either of the two widths that SciPy chooses from. */
final class StoredNumbers implements AutoCloseable {
    private final Matrix numbers;

    private StoredNumbers(Matrix numbers) {
        this.numbers = numbers;
    }

    /** The array {@code name} of {@code archive}, which holds int32 or int64. */
    static StoredNumbers integers(Path file, NpzFile archive, String name, MatrixAllocator memory) {
        NpzArray array = archive.array(name);
        if (array.type().isFloating()) {
            throw MorulaException.input("%s: %s are of type %s; int32 or int64 is needed", file, name, array.type());
        }
        return new StoredNumbers(array.matrix(memory));
    }

    /** The array {@code name} of {@code archive}, which holds float32 or float64. */
    static StoredNumbers floats(Path file, NpzFile archive, String name, MatrixAllocator memory) {
        NpzArray array = archive.array(name);
        if (array.type() != ElementType.F32 && array.type() != ElementType.F64) {
            throw MorulaException.input(
                    "%s: %s are of type %s; float32 or float64 is needed", file, name, array.type());
        }
        return new StoredNumbers(array.matrix(memory));
    }

    long count() {
        return numbers.rows() * numbers.columns();
    }

    /** Copies {@code length} integers from element {@code from} on to the front of {@code target}. */
    void read(long from, long[] target, int length) {
        if (numbers.type() == ElementType.I64) {
            numbers.read(from, target, 0, length);
            return;
        }
        int[] narrow = new int[length];
        numbers.read(from, narrow, 0, length);
        for (int k = 0; k < length; k++) {
            target[k] = narrow[k];
        }
    }

    /** Copies {@code length} values from element {@code from} on to the front of {@code target}. */
    void read(long from, float[] target, int length) {
        if (numbers.type() == ElementType.F32) {
            numbers.read(from, target, 0, length);
            return;
        }
        double[] wide = new double[length];
        numbers.read(from, wide, 0, length);
        for (int k = 0; k < length; k++) {
            target[k] = (float) wide[k];
        }
    }

    @Override
    public void close() {
        numbers.close();
    }
}
