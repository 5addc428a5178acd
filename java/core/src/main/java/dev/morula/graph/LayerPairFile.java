package dev.morula.graph;

import dev.morula.correlate.EdgeList;
import dev.morula.kernel.ElementType;
import dev.morula.kernel.Kernels;
import dev.morula.kernel.Kernels.CsrRows;
import dev.morula.kernel.Kernels.Ends;
import dev.morula.kernel.Matrix;
import dev.morula.kernel.Workers;
import java.nio.file.Path;

/**
 * The correlations of one layer's neurons (rows) with another's (columns) as an archive that {@code
 * scipy.sparse.load_npz} opens: CSR, float32 values, sorted indices, each pair once.
 */
public final class LayerPairFile {
    private static final int BLOCK = 1024; // rows a part of parallel work
    private static final int PIECE = 1 << 20; // entries

    private LayerPairFile() {}

    /**
     * Writes {@code file}, which appears whole or not at all, and consumes the edges.
     *
     * @param edges between neurons 0 to {@code rows}, those of the first layer, and the {@code columns} behind them
     */
    public static void write(Path file, EdgeList edges, int rows, int columns, Kernels kernels, Workers workers) {
        CsrRows stored = new CsrRows(0, rows, (long) rows + columns, Ends.SMALLER);
        long[] starts = starts(edges, stored, kernels);
        try (RowsWriter writer = RowsWriter.between(file, starts, columns)) {
            if (starts[rows] == 0) {
                writer.beginValues();
            } else {
                writeEntries(writer, edges, starts, stored, kernels, workers);
            }
            writer.commit();
        }
    }

    private static long[] starts(EdgeList edges, CsrRows stored, Kernels kernels) {
        int rows = Math.toIntExact(stored.count());
        long[] starts = new long[rows + 1];
        try (Matrix counted = Matrix.allocate(ElementType.I64, 1, stored.neurons())) {
            for (EdgeList.Chunk chunk : edges.chunks()) {
                kernels.csrCountRows(counted, chunk.pairs(), chunk.count(), stored);
            }
            counted.read(0, starts, 1, rows);
        }
        for (int row = 0; row < rows; row++) {
            starts[row + 1] += starts[row];
        }
        return starts;
    }

    private static void writeEntries(
            RowsWriter writer, EdgeList edges, long[] starts, CsrRows stored, Kernels kernels, Workers workers) {
        int rows = starts.length - 1;
        try (Matrix indices = Matrix.allocate(ElementType.I32, starts[rows], 1);
                Matrix values = Matrix.allocate(ElementType.F32, starts[rows], 1);
                Matrix next = Matrix.allocate(ElementType.I64, 1, starts.length)) {
            next.write(0, starts, 0, starts.length);
            for (EdgeList.Chunk chunk = edges.takeFirst(); chunk != null; chunk = edges.takeFirst()) {
                try (EdgeList.Chunk used = chunk) {
                    kernels.csrFillRows(indices, values, next, used.pairs(), used.values(), used.count(), stored);
                }
            }
            next.write(0, starts, 0, starts.length);
            workers.forEach((rows + BLOCK - 1) / BLOCK, (block, worker) -> {
                long first = block * BLOCK;
                kernels.csrSort(indices, values, next, first, Math.min(BLOCK, rows - first));
            });
            subtract(rows, indices);
            writer.appendIndices(indices);
            writer.beginValues();
            writer.appendValues(values);
        }
    }

    /** Columns are counted from the second layer's first neuron on. */
    private static void subtract(int rows, Matrix indices) {
        int[] piece = new int[PIECE];
        for (long from = 0; from < indices.rows(); from += PIECE) {
            int length = (int) Math.min(PIECE, indices.rows() - from);
            indices.read(from, piece, 0, length);
            for (int k = 0; k < length; k++) {
                piece[k] -= rows;
            }
            indices.write(from, piece, 0, length);
        }
    }
}
