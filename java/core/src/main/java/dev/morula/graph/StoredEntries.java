package dev.morula.graph;

import dev.morula.MorulaException;
import dev.morula.data.NpzFile;
import dev.morula.kernel.MatrixAllocator;
import java.nio.file.Path;

/**
 * The entries of a stored graph in compressed sparse rows.
 *
 * @param file the archive, for messages
 * @param starts where each row begins; one more than there are neurons, ascending from 0 to the number of entries
 * @param columns the neuron that each entry names; not checked yet
 * @param values the correlation of each entry
 */
record StoredEntries(Path file, long[] starts, StoredNumbers columns, StoredNumbers values) implements AutoCloseable {

    /** The entries of {@code archive} if there are any. */
    static StoredEntries open(Path file, NpzFile archive, long[] starts, MatrixAllocator memory) {
        StoredNumbers columns = StoredNumbers.integers(file, archive, "indices", memory);
        try {
            StoredNumbers values = StoredNumbers.floats(file, archive, "data", memory);
            if (values.count() != columns.count()) {
                values.close();
                throw MorulaException.input(
                        "%s: has %,d indices but %,d values", file, columns.count(), values.count());
            }
            return new StoredEntries(file, starts, columns, values);
        } catch (RuntimeException | Error e) {
            columns.close();
            throw e;
        }
    }

    /** Where the rows of {@code neurons} neurons begin. */
    static long[] starts(Path file, NpzFile archive, int neurons, MatrixAllocator memory) {
        try (StoredNumbers stored = StoredNumbers.integers(file, archive, "indptr", memory)) {
            if (stored.count() != neurons + 1L) {
                throw MorulaException.input(
                        "%s: indptr has %,d elements; %,d neurons need one more than that",
                        file, stored.count(), neurons);
            }
            long[] starts = new long[neurons + 1];
            stored.read(0, starts, starts.length);
            requireAscending(file, starts, archive.array("indices").count());
            return starts;
        }
    }

    private static void requireAscending(Path file, long[] starts, long entries) {
        boolean ascending = starts[0] == 0 && starts[starts.length - 1] == entries;
        for (int row = 1; row < starts.length; row++) {
            ascending &= starts[row - 1] <= starts[row];
        }
        if (!ascending) {
            throw MorulaException.input(
                    "%s: indptr does not ascend from 0 to the %,d entries that there are", file, entries);
        }
    }

    int neurons() {
        return starts.length - 1;
    }

    long count() {
        return starts[starts.length - 1];
    }

    @Override
    public void close() {
        columns.close();
        values.close();
    }
}
