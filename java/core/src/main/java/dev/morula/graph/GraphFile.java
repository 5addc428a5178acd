package dev.morula.graph;

import dev.morula.MorulaException;
import dev.morula.correlate.EdgeList;
import dev.morula.data.NpzFile;
import dev.morula.data.NpzWriter;
import dev.morula.kernel.Kernels;
import dev.morula.kernel.Matrix;
import dev.morula.kernel.Workers;
import java.nio.file.Path;
import java.util.Arrays;
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
     * left out. Values are those above the diagonal, if there are any.
     *
     * @param memory bytes that the graph may take while it is assembled
     * @throws MorulaException of kind INPUT that names the file and what is wrong, or RESOURCES if {@code memory} does not
     *     suffice
     */
    public static CorrelationGraph read(Path file, Kernels kernels, Workers workers, long memory) {
        NpzFile archive = NpzFile.open(file);
        String format = archive.array("format").text();
        if (!format.equals("csr")) {
            throw MorulaException.input("%s: holds a sparse matrix in \"%s\" format; csr is read", file, format);
        }
        long[] shape = archive.array("shape").integers();
        if (shape.length != 2 || shape[0] != shape[1] || shape[0] < 1 || shape[0] >= Integer.MAX_VALUE) {
            throw MorulaException.input(
                    "%s: has shape %s; a square matrix of neurons is needed", file, Arrays.toString(shape));
        }
        ReadingMemory reading = new ReadingMemory(file, memory);
        long[] starts = StoredEntries.starts(file, archive, (int) shape[0], reading);
        if (starts[starts.length - 1] == 0) {
            return new CorrelationGraph(starts, null, null);
        }
        try (StoredEntries stored = StoredEntries.open(file, archive, starts, reading)) {
            EdgeReader reader = new EdgeReader(stored);
            reading.take(reader.edges() * EdgeList.ASSEMBLY_BYTES);
            return graph(stored, reader, kernels, workers);
        }
    }

    private static CorrelationGraph graph(StoredEntries stored, EdgeReader reader, Kernels kernels, Workers workers) {
        try (EdgeList edges = reader.collect()) {
            CorrelationGraph graph = CorrelationGraph.of(edges, stored.neurons(), kernels, workers);
            try {
                SymmetryCheck check = new SymmetryCheck(stored, graph);
                check.requireDistinctPairs();
                if (reader.hasBothSides()) {
                    check.requireMirrored();
                }
                return graph;
            } catch (RuntimeException | Error e) {
                graph.close();
                throw e;
            }
        }
    }
}
