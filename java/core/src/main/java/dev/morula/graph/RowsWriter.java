package dev.morula.graph;

import dev.morula.data.NpzWriter;
import dev.morula.kernel.ElementType;
import dev.morula.kernel.Matrix;
import java.nio.file.Path;

/**
 * Writes compressed sparse rows piece by piece into the archive that {@code scipy.sparse.load_npz} opens: first all
 * indices, then all values, both row by row. The archive appears with {@link #commit()}; closed before, nothing is left.
 */
final class RowsWriter implements AutoCloseable {
    /** From so many entries on, indices are int64. */
    static final long INT32_ENTRIES = 1L << 31;

    /** The array that says that a matrix is no graph of one layer; SciPy does not look at it. */
    static final String BETWEEN = "between";

    private final NpzWriter archive;
    private final long[] starts;
    private final long columns;
    private final boolean wide;

    private RowsWriter(NpzWriter archive, long[] starts, long columns, boolean wide) {
        this.archive = archive;
        this.starts = starts;
        this.columns = columns;
        this.wide = wide;
    }

    /** Begins a matrix whose row i has entries {@code starts[i]} to {@code starts[i + 1]}. */
    static RowsWriter create(Path file, long[] starts, long int32Entries) {
        return new RowsWriter(NpzWriter.create(file), starts, starts.length - 1, isWide(starts, int32Entries)).begin();
    }

    /** The same of a matrix whose columns are other neurons than its rows, which {@link GraphFile} does not take. */
    static RowsWriter between(Path file, long[] starts, long columns) {
        NpzWriter archive = NpzWriter.create(file);
        archive.writeText(BETWEEN, "rows and columns are neurons of two layers");
        return new RowsWriter(archive, starts, columns, isWide(starts, INT32_ENTRIES)).begin();
    }

    private RowsWriter begin() {
        archive.begin("indices", indexType(wide), starts[starts.length - 1]);
        return this;
    }

    private static boolean isWide(long[] starts, long int32Entries) {
        return starts[starts.length - 1] >= int32Entries;
    }

    /** Bytes of the arrays of such an archive. */
    static long bytes(long neurons, long entries, long int32Entries) {
        long index = indexType(entries >= int32Entries).bytes();
        return entries * (index + ElementType.F32.bytes()) + (neurons + 1) * index;
    }

    private static ElementType indexType(boolean wide) {
        return wide ? ElementType.I64 : ElementType.I32;
    }

    /** Appends the other neuron of each entry (I32), in all the matrix has. */
    void appendIndices(Matrix indices) {
        if (wide) {
            archive.appendWidened(indices);
        } else {
            archive.append(indices);
        }
    }

    /** Ends the indices, all of which must have been appended. */
    void beginValues() {
        archive.end();
        if (wide) {
            archive.write("indptr", starts);
        } else {
            archive.write("indptr", narrow(starts));
        }
        archive.writeText("format", "csr");
        archive.write("shape", new long[] {starts.length - 1, columns});
        archive.begin("data", ElementType.F32, starts[starts.length - 1]);
    }

    private static int[] narrow(long[] starts) {
        int[] narrow = new int[starts.length];
        for (int row = 0; row < narrow.length; row++) {
            narrow[row] = (int) starts[row];
        }
        return narrow;
    }

    /** Appends the value of each entry (F32). */
    void appendValues(Matrix values) {
        archive.append(values);
    }

    /** Completes the archive and gives it its name. */
    void commit() {
        archive.end();
        archive.commit();
    }

    @Override
    public void close() {
        archive.close();
    }
}
