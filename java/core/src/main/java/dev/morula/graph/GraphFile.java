package dev.morula.graph;

import dev.morula.MorulaException;
import dev.morula.correlate.EdgeList;
import dev.morula.data.NpzArray;
import dev.morula.data.NpzFile;
import dev.morula.data.NpzWriter;
import dev.morula.kernel.ElementType;
import dev.morula.kernel.Kernels;
import dev.morula.kernel.Matrix;
import dev.morula.kernel.Workers;
import java.nio.file.Path;
import java.util.List;

/**
 * A graph as the .npz archive that {@code scipy.sparse.save_npz} writes and {@code load_npz} opens: CSR, float32 values,
 * sorted indices, no diagonal; int32 indices below 2^31 entries, int64 from there on.
 */
public final class GraphFile {
    private static final long INT32_ENTRIES = 1L << 31;

    private GraphFile() {}

    /** Writes {@code graph}; the file appears whole or not at all. */
    public static void write(Path file, CorrelationGraph graph, Triangle triangle) {
        write(file, graph, triangle, INT32_ENTRIES);
    }

    static void write(Path file, CorrelationGraph graph, Triangle triangle, long int32Entries) {
        try (StoredRows rows = StoredRows.of(graph, triangle);
                NpzWriter writer = NpzWriter.create(file)) {
            boolean wide = rows.entries() >= int32Entries;
            if (rows.entries() == 0) {
                writer.write("indices", new int[0]);
            } else if (wide) {
                try (Matrix indices = rows.wideIndices()) {
                    writer.write("indices", List.of(indices));
                }
            } else {
                writer.write("indices", List.of(rows.indices()));
            }
            writeStarts(writer, rows.starts(), wide);
            writer.writeText("format", "csr");
            writer.write("shape", new long[] {graph.neurons(), graph.neurons()});
            if (rows.entries() == 0) {
                writer.write("data", new float[0]);
            } else {
                writer.write("data", List.of(rows.values()));
            }
            writer.commit();
        }
    }

    private static void writeStarts(NpzWriter writer, long[] starts, boolean wide) {
        if (wide) {
            writer.write("indptr", starts);
        } else {
            int[] narrow = new int[starts.length];
            for (int row = 0; row < narrow.length; row++) {
                narrow[row] = (int) starts[row];
            }
            writer.write("indptr", narrow);
        }
    }

    /**
     * Reads a graph: square, CSR, float32 or float64 values, and either symmetric or with one triangle only. A diagonal is
     * left out.
     *
     * @throws MorulaException of kind INPUT that names the file and what is wrong
     */
    public static CorrelationGraph read(Path file, Kernels kernels, Workers workers) {
        NpzFile archive = NpzFile.open(file);
        String format = archive.array("format").text();
        if (!format.equals("csr")) {
            throw MorulaException.input("%s: holds a sparse matrix in \"%s\" format; csr is read", file, format);
        }
        long[] shape = archive.array("shape").integers();
        if (shape.length != 2 || shape[0] != shape[1] || shape[0] < 1 || shape[0] > Integer.MAX_VALUE) {
            throw MorulaException.input(
                    "%s: has shape %s; a square matrix of neurons is needed", file, List.of(shape[0], shape[1]));
        }
        int neurons = (int) shape[0];
        long[] starts = starts(file, archive, neurons);
        try (EdgeList edges = starts[neurons] == 0 ? new EdgeList() : new EdgeReader(file, archive, starts).read()) {
            return CorrelationGraph.of(edges, neurons, kernels, workers);
        }
    }

    private static long[] starts(Path file, NpzFile archive, int neurons) {
        NpzArray array = archive.array("indptr");
        if (array.count() != neurons + 1L) {
            throw MorulaException.input(
                    "%s: indptr has %,d elements; %,d neurons need one more than that", file, array.count(), neurons);
        }
        long[] starts = new long[neurons + 1];
        try (Matrix stored = array.matrix(Matrix::allocate)) {
            if (stored.type() == ElementType.I64) {
                stored.read(0, starts, 0, starts.length);
            } else {
                int[] narrow = new int[starts.length];
                stored.read(0, narrow, 0, narrow.length);
                for (int row = 0; row < narrow.length; row++) {
                    starts[row] = narrow[row];
                }
            }
        }
        long entries = archive.array("indices").count();
        for (int row = 0; row < neurons; row++) {
            if (starts[0] != 0 || starts[row] > starts[row + 1] || starts[neurons] != entries) {
                throw MorulaException.input(
                        "%s: indptr does not ascend from 0 to the %,d entries that there are", file, entries);
            }
        }
        return starts;
    }
}
