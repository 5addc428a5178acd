package dev.morula.graph;

import dev.morula.MorulaException;
import dev.morula.correlate.EdgeList;
import dev.morula.kernel.ElementType;
import dev.morula.kernel.Matrix;

/** One walk through the entries of a stored graph that collects those on one side of the diagonal as edges. */
final class EdgeReader {
    private static final int BATCH = 1 << 16;

    /** Which entries are collected. */
    enum Side {
        ABOVE,
        BELOW
    }

    private final StoredEntries stored;
    private final Side side;
    private final long[] columns = new long[BATCH];
    private final float[] values = new float[BATCH];
    private final long[] pairs = new long[BATCH];
    private int row;
    private long above;
    private long below;

    EdgeReader(StoredEntries stored, Side side) {
        this.stored = stored;
        this.side = side;
    }

    /** Entries above the diagonal, once collected. */
    long above() {
        return above;
    }

    /** Entries below the diagonal, once collected. */
    long below() {
        return below;
    }

    EdgeList collect() {
        EdgeList edges = new EdgeList();
        try (Matrix batchPairs = Matrix.allocate(ElementType.I64, 1, BATCH);
                Matrix batchValues = Matrix.allocate(ElementType.F32, 1, BATCH)) {
            for (long from = 0; from < stored.count(); from += BATCH) {
                int length = (int) Math.min(BATCH, stored.count() - from);
                stored.columns().read(from, columns, length);
                stored.values().read(from, values, length);
                int kept = keep(from, length);
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

    /** Moves the wanted edges of the batch to the front of {@code pairs} and {@code values}. */
    private int keep(long from, int length) {
        int kept = 0;
        for (int k = 0; k < length; k++) {
            while (from + k >= stored.starts()[row + 1]) {
                row++;
            }
            long column = columns[k];
            if (column < 0 || column >= stored.neurons()) {
                throw MorulaException.input(
                        "%s: row %,d names neuron %,d, but there are %,d",
                        stored.file(), row, column, stored.neurons());
            }
            above += column > row ? 1 : 0;
            below += column < row ? 1 : 0;
            if (side == Side.ABOVE ? column > row : column < row) {
                pairs[kept] = Math.min(row, column) << 32 | Math.max(row, column);
                values[kept++] = values[k];
            }
        }
        return kept;
    }
}
