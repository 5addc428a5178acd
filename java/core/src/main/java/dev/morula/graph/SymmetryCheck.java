package dev.morula.graph;

import dev.morula.MorulaException;
import java.util.Arrays;

/** Checks the graph of one side of a stored matrix: no pair twice, and the other side, if it is stored too, the same. */
final class SymmetryCheck {
    private final StoredEntries stored;
    private final CorrelationGraph graph;
    private final int[] neighbours;

    SymmetryCheck(StoredEntries stored, CorrelationGraph graph) {
        this.stored = stored;
        this.graph = graph;
        this.neighbours = new int[graph.longestRow()];
    }

    void requireDistinctPairs() {
        for (int row = 0; row < graph.neurons(); row++) {
            int length = graph.readIndices(row, neighbours);
            for (int k = 1; k < length; k++) {
                if (neighbours[k] == neighbours[k - 1]) {
                    throw MorulaException.input(
                            "%s: has more than one entry for neurons %,d and %,d; sum_duplicates() of SciPy mends that",
                            stored.file(), row, neighbours[k]);
                }
            }
        }
    }

    /** Fails unless the entries below the diagonal are exactly the edges of the graph. */
    void requireMirrored() {
        for (int row = 0; row < graph.neurons(); row++) {
            int[] below = storedBelow(row);
            int length = graph.readIndices(row, neighbours);
            int expected = 0;
            while (expected < length && neighbours[expected] < row) {
                expected++;
            }
            int k = Arrays.mismatch(below, 0, below.length, neighbours, 0, expected);
            if (k >= 0) {
                boolean isStored = k == expected || (k < below.length && below[k] < neighbours[k]);
                throw asymmetric(row, isStored ? below[k] : neighbours[k]);
            }
        }
    }

    private int[] storedBelow(int row) {
        long first = stored.starts()[row];
        long[] columns = new long[Math.toIntExact(stored.starts()[row + 1] - first)];
        stored.columns().read(first, columns, columns.length);
        return Arrays.stream(columns)
                .filter(column -> column < row)
                .sorted()
                .mapToInt(Math::toIntExact)
                .toArray();
    }

    private MorulaException asymmetric(int row, int column) {
        return MorulaException.input(
                "%s: is not symmetric: of the entries (%d, %d) and (%d, %d) it has one only; a symmetric matrix or one "
                        + "triangle of it is needed, while morula correlate --top-k writes a directed graph",
                stored.file(), row, column, column, row);
    }
}
