package dev.morula.graph;

import dev.morula.MorulaException;
import dev.morula.correlate.EdgeList;
import dev.morula.kernel.ElementType;
import dev.morula.kernel.Matrix;

/** Collects the entries of a stored graph on one side of the diagonal as edges. */
final class EdgeReader {
    private static final int BATCH = 1 << 16;

    private final StoredEntries stored;
    private final long[] columns = new long[BATCH];
    private final float[] values = new float[BATCH];
    private final long[] pairs = new long[BATCH];
    private long above;
    private long below;

    /** Counts the entries and checks the neurons that they name. */
    EdgeReader(StoredEntries stored) {
        this.stored = stored;
        int row = 0;
        for (long from = 0; from < stored.count(); from += BATCH) {
            int length = readColumns(from);
            for (int k = 0; k < length; k++) {
                row = rowOf(from + k, row);
                above += columns[k] > row ? 1 : 0;
                below += columns[k] < row ? 1 : 0;
                if (columns[k] < 0 || columns[k] >= stored.neurons()) {
                    throw MorulaException.input(
                            "%s: row %,d names neuron %,d, but there are %,d",
                            stored.file(), row, columns[k], stored.neurons());
                }
            }
        }
    }

    private int readColumns(long from) {
        int length = (int) Math.min(BATCH, stored.count() - from);
        stored.columns().read(from, columns, length);
        return length;
    }

    /** The row of {@code entry}, which is not before row {@code from}. */
    private int rowOf(long entry, int from) {
        int row = from;
        while (entry >= stored.starts()[row + 1]) {
            row++;
        }
        return row;
    }

    /** Whether there are entries on both sides of the diagonal. */
    boolean hasBothSides() {
        return above > 0 && below > 0;
    }

    /** Entries above the diagonal, or those below it if there are no others. */
    long edges() {
        return above > 0 ? above : below;
    }

    EdgeList collect() {
        EdgeList edges = new EdgeList();
        int row = 0;
        try (Matrix batchPairs = Matrix.allocate(ElementType.I64, 1, BATCH);
                Matrix batchValues = Matrix.allocate(ElementType.F32, 1, BATCH)) {
            for (long from = 0; from < stored.count(); from += BATCH) {
                int length = readColumns(from);
                stored.values().read(from, values, length);
                int kept = 0;
                for (int k = 0; k < length; k++) {
                    row = rowOf(from + k, row);
                    if (above > 0 ? columns[k] > row : columns[k] < row) {
                        pairs[kept] = Math.min(row, columns[k]) << 32 | Math.max(row, columns[k]);
                        values[kept++] = values[k];
                    }
                }
                batchPairs.write(0, pairs, 0, kept);
                batchValues.write(0, values, 0, kept);
                edges.add(batchPairs, batchValues, kept);
            }
            return edges;
        } catch (RuntimeException | Error e) {
            edges.close();
            throw e;
        }
    }
}
