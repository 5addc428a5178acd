package dev.morula.graph;

import dev.morula.MorulaException;
import dev.morula.correlate.EdgeList;
import dev.morula.data.NpzArray;
import dev.morula.data.NpzFile;
import dev.morula.kernel.ElementType;
import dev.morula.kernel.Matrix;
import java.nio.file.Path;

/** Reads the edges of a stored graph, batch by batch, and checks that its entries make sense. */
final class EdgeReader {
    private static final int BATCH = 1 << 16;

    private final Path file;
    private final NpzArray storedIndices;
    private final NpzArray storedValues;
    private final long[] starts;

    EdgeReader(Path file, NpzFile archive, long[] starts) {
        this.file = file;
        this.storedIndices = archive.array("indices");
        this.storedValues = archive.array("data");
        this.starts = starts;
        if (storedValues.count() != storedIndices.count()) {
            throw MorulaException.input(
                    "%s: has %,d indices but %,d values", file, storedIndices.count(), storedValues.count());
        }
    }

    /** Each edge once: the entries above the diagonal, or those below it if there are no others. */
    EdgeList read() {
        try (Matrix indices = storedIndices.matrix(Matrix::allocate);
                Matrix values = storedValues.matrix(Matrix::allocate)) {
            Pass above = new Pass(indices, values);
            EdgeList edges = above.collect(true);
            if (above.lower == 0 || above.lower == above.upper) {
                return edges;
            }
            edges.close();
            if (above.upper > 0) {
                throw MorulaException.input(
                        "%s: has %,d entries above the diagonal and %,d below it; a symmetric matrix or one triangle "
                                + "of it is needed",
                        file, above.upper, above.lower);
            }
            return new Pass(indices, values).collect(false);
        }
    }

    /** One walk through all entries. */
    private final class Pass {
        private final Matrix indices;
        private final Matrix values;
        private final long[] columns = new long[BATCH];
        private final float[] strengths = new float[BATCH];
        private final long[] pairs = new long[BATCH];
        private int row;
        private long upper;
        private long lower;

        Pass(Matrix indices, Matrix values) {
            this.indices = indices;
            this.values = values;
        }

        private EdgeList collect(boolean above) {
            EdgeList edges = new EdgeList();
            try (Matrix batchPairs = Matrix.allocate(ElementType.I64, 1, BATCH);
                    Matrix batchValues = Matrix.allocate(ElementType.F32, 1, BATCH)) {
                long entries = starts[starts.length - 1];
                for (long from = 0; from < entries; from += BATCH) {
                    int length = (int) Math.min(BATCH, entries - from);
                    readIntegers(from, length);
                    readFloats(from, length);
                    int kept = keep(from, length, above);
                    batchPairs.write(0, pairs, 0, kept);
                    batchValues.write(0, strengths, 0, kept);
                    edges.add(batchPairs, batchValues, kept);
                }
                return edges;
            } catch (RuntimeException | Error e) {
                edges.close();
                throw e;
            }
        }

        /** Moves the wanted edges of the batch to the front of {@code pairs} and {@code strengths}. */
        private int keep(long from, int length, boolean above) {
            int kept = 0;
            for (int k = 0; k < length; k++) {
                while (from + k >= starts[row + 1]) {
                    row++;
                }
                long column = columns[k];
                if (column < 0 || column >= starts.length - 1) {
                    throw MorulaException.input(
                            "%s: row %,d names neuron %,d, but there are %,d", file, row, column, starts.length - 1);
                }
                upper += column > row ? 1 : 0;
                lower += column < row ? 1 : 0;
                if (above ? column > row : column < row) {
                    pairs[kept] = Math.min(row, column) << 32 | Math.max(row, column);
                    strengths[kept++] = strengths[k];
                }
            }
            return kept;
        }

        private void readIntegers(long from, int length) {
            if (indices.type() == ElementType.I64) {
                indices.read(from, columns, 0, length);
                return;
            }
            int[] narrow = new int[length];
            indices.read(from, narrow, 0, length);
            for (int k = 0; k < length; k++) {
                columns[k] = narrow[k];
            }
        }

        private void readFloats(long from, int length) {
            if (values.type() == ElementType.F32) {
                values.read(from, strengths, 0, length);
                return;
            }
            double[] wide = new double[length];
            values.read(from, wide, 0, length);
            for (int k = 0; k < length; k++) {
                strengths[k] = (float) wide[k];
            }
        }
    }
}
