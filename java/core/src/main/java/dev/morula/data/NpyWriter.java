package dev.morula.data;

import dev.morula.kernel.ElementType;
import dev.morula.kernel.Matrix;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * Writes one .npy array in C order, piece by piece, so that it may be larger than memory. The file appears under its name
 * with {@link #commit()}; closed before that, nothing is left of it.
 */
public final class NpyWriter implements AutoCloseable {
    private final OutputFile file;
    private final ElementType type;
    private final long count;
    private long written;

    private NpyWriter(OutputFile file, ElementType type, long count) {
        this.file = file;
        this.type = type;
        this.count = count;
    }

    /** Begins an array of the given type (not BF16, which NumPy lacks) and shape. */
    public static NpyWriter create(Path target, ElementType type, long... shape) {
        List<Long> lengths = Arrays.stream(shape).boxed().toList();
        byte[] header = NpyHeader.format(NpyHeader.descr(type), lengths);
        long count = Shapes.count(target.toString(), lengths);
        OutputFile file = OutputFile.create(target);
        file.write(header, header.length);
        return new NpyWriter(file, type, count);
    }

    /** Appends all elements of {@code matrix}, row by row. */
    public void append(Matrix matrix) {
        append(Elements.of(List.of(matrix)));
    }

    public void append(float[] values) {
        append(Elements.of(values));
    }

    public void append(double[] values) {
        append(Elements.of(values));
    }

    public void append(int[] values) {
        append(Elements.of(values));
    }

    public void append(long[] values) {
        append(Elements.of(values));
    }

    private void append(Elements elements) {
        if (elements.type() != type || elements.count() > count - written) {
            throw new IllegalArgumentException(String.format(
                    "%d elements %s do not fit where %d elements %s are missing",
                    elements.count(), elements.type(), count - written, type));
        }
        elements.forEachChunk(file::write);
        written += elements.count();
    }

    /** Gives the file its name; all elements must have been appended. */
    public void commit() {
        if (written != count) {
            throw new IllegalStateException(file.target() + ": " + written + " of " + count + " elements were written");
        }
        file.commit();
    }

    @Override
    public void close() {
        file.close();
    }
}
