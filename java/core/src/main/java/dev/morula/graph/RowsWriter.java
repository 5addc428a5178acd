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

    private final NpzWriter archive;
    private final long[] starts;
    private final boolean wide;

    private RowsWriter(NpzWriter archive, long[] starts, boolean wide) {
        this.archive = archive;
        this.starts = starts;
        this.wide = wide;
    }

    /** Begins a matrix whose row i has entries {@code starts[i]} to {@code starts[i + 1]}. */
    static RowsWriter create(Path file, long[] starts, long int32Entries) {
        long entries = starts[starts.length - 1];
        boolean wide = entries >= int32Entries;
        NpzWriter archive = NpzWriter.create(file);
        archive.begin("indices", indexType(wide), entries);
        return new RowsWriter(archive, starts, wide);
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
        long neurons = starts.length - 1;
        archive.writeText("format", "csr");
        archive.write("shape", new long[] {neurons, neurons});
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
