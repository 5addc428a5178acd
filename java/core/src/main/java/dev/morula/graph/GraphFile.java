package dev.morula.graph;

import dev.morula.MorulaException;
import dev.morula.correlate.EdgeList;
import dev.morula.correlate.StrongestPartners;
import dev.morula.data.NpzFile;
import dev.morula.kernel.Kernels;
import dev.morula.kernel.Workers;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * A graph as the .npz archive that {@code scipy.sparse.save_npz} writes and {@code load_npz} opens: CSR, float32 values,
 * sorted indices, no diagonal; int32 indices below 2^31 entries, int64 from there on.
 */
public final class GraphFile {
    private GraphFile() {}

    /** Writes {@code graph}; the file appears whole or not at all. */
    public static void write(Path file, CorrelationGraph graph, Triangle triangle) {
        write(file, graph, triangle, RowsWriter.INT32_ENTRIES);
    }

    static void write(Path file, CorrelationGraph graph, Triangle triangle, long int32Entries) {
        try (StoredRows rows = StoredRows.of(graph, triangle);
                RowsWriter writer = RowsWriter.create(file, rows.starts(), int32Entries)) {
            boolean empty = rows.entries() == 0;
            if (!empty) {
                writer.appendIndices(rows.indices());
            }
            writer.beginValues();
            if (!empty) {
                writer.appendValues(rows.values());
            }
            writer.commit();
        }
    }

    /** Writes the strongest partners of each neuron, a directed graph; the file appears whole or not at all. */
    public static void write(Path file, StrongestPartners partners) {
        try (RowsWriter writer = RowsWriter.create(file, partners.rowStart(), RowsWriter.INT32_ENTRIES)) {
            boolean empty = partners.entries() == 0;
            if (!empty) {
                writer.appendIndices(partners.indices());
            }
            writer.beginValues();
            if (!empty) {
                writer.appendValues(partners.values());
            }
            writer.commit();
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
        if (archive.names().contains(RowsWriter.BETWEEN)) {
            throw MorulaException.input(
                    "%s: holds correlations of one layer's neurons with another's (morula correlate --against); a graph of "
                            + "one layer is needed",
                    file);
        }
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
