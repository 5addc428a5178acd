package dev.morula.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.morula.MorulaException;
import dev.morula.MorulaException.Kind;
import dev.morula.Python;
import dev.morula.correlate.Correlation;
import dev.morula.correlate.CorrelationQuery;
import dev.morula.correlate.Correlator;
import dev.morula.data.NpzFile;
import dev.morula.data.NpzWriter;
import dev.morula.kernel.ElementType;
import dev.morula.kernel.Kernels;
import dev.morula.kernel.Matrix;
import dev.morula.kernel.Metric;
import dev.morula.kernel.Progress;
import dev.morula.kernel.Tier;
import dev.morula.kernel.Workers;
import dev.morula.standardise.StandardisedLayer;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class GraphFileTest {
    /** The graph that make_golden.py writes, and that {@link #GOLDEN_LAYER} has at 0.5, ties included. */
    private static final Map<Long, Float> GOLDEN = Map.of(
            TestGraphs.pair(0, 1), 1f,
            TestGraphs.pair(0, 4), 0.5f,
            TestGraphs.pair(1, 4), 0.5f,
            TestGraphs.pair(2, 4), 0.5f);

    /** Sums of Walsh functions: all correlations are multiples of 1/4, so that every tier stores the same bits. */
    private static final float[][] GOLDEN_LAYER = {
        walsh(1, 1),
        walsh(4, 1),
        walsh(1, 2),
        walsh(-1, 1),
        walsh(1, 1, 2, 3, 4),
        walsh(3, 0),
        new float[16],
        walsh(1, 5)
    };

    @TempDir
    private Path folder;

    private final Kernels kernels = Kernels.cpu();
    private final Workers workers = new Workers(2);
    private Path file;

    @BeforeEach
    void nameFile() {
        file = folder.resolve("edges.npz");
    }

    @AfterEach
    void close() {
        workers.close();
        kernels.close();
    }

    /** {@code scale} times the sum of the Walsh functions of the given numbers, over 16 samples; number 0 is constant. */
    private static float[] walsh(float scale, int... numbers) {
        float[] sum = new float[16];
        for (int number : numbers) {
            for (int k = 0; k < sum.length; k++) {
                sum[k] += Integer.bitCount(number & k) % 2 == 0 ? scale : -scale;
            }
        }
        return sum;
    }

    private static Path resource(String name) {
        try {
            return Path.of(GraphFileTest.class.getResource(name).toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private Map<Long, Float> read(Path stored, int neurons) {
        try (CorrelationGraph graph = GraphFile.read(stored, kernels, workers, Long.MAX_VALUE)) {
            assertThat(graph.neurons()).isEqualTo(neurons);
            Map<Long, Float> edges = TestGraphs.edges(graph);
            assertThat(graph.edges()).isEqualTo(edges.size());
            return edges;
        }
    }

    private void write(int neurons, Map<Long, Float> edges, Triangle triangle, long int32Entries) {
        try (CorrelationGraph graph = TestGraphs.graph(neurons, edges, kernels, workers)) {
            GraphFile.write(file, graph, triangle, int32Entries);
        }
    }

    @ParameterizedTest
    @EnumSource(Triangle.class)
    void readsWhatItWrites(Triangle triangle) {
        Map<Long, Float> edges = TestGraphs.random(613, 0.4, 1); // more entries than one batch
        write(613, edges, triangle, Long.MAX_VALUE);
        NpzFile stored = NpzFile.open(file);
        assertThat(stored.array("indices").type()).isEqualTo(ElementType.I32);
        assertThat(stored.array("data").count())
                .isEqualTo(triangle == Triangle.FULL ? 2L * edges.size() : edges.size());
        assertThat(read(file, 613)).isEqualTo(edges);
    }

    @ParameterizedTest
    @EnumSource(Triangle.class)
    void indicesAreInt64FromTheLimitOn(Triangle triangle) {
        Map<Long, Float> edges = TestGraphs.random(501, 0.3, 2);
        long entries = triangle == Triangle.FULL ? 2L * edges.size() : edges.size();
        write(501, edges, triangle, entries);
        NpzFile stored = NpzFile.open(file);
        assertThat(stored.array("indices").type()).isEqualTo(ElementType.I64);
        assertThat(stored.array("indptr").type()).isEqualTo(ElementType.I64);
        assertThat(read(file, 501)).isEqualTo(edges);
        write(501, edges, triangle, entries + 1);
        assertThat(NpzFile.open(file).array("indices").type()).isEqualTo(ElementType.I32);
    }

    @ParameterizedTest
    @CsvSource({"1, FULL", "1, UPPER", "17, FULL", "17, UPPER"})
    void aGraphMayHaveNoEdges(int neurons, Triangle triangle) {
        write(neurons, Map.of(), triangle, Long.MAX_VALUE);
        assertThat(read(file, neurons)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"scipy_single.npz", "scipy_double.npz", "edges.npz"})
    void readsGoldenFiles(String name) {
        assertThat(read(resource(name), 8)).isEqualTo(GOLDEN);
    }

    @ParameterizedTest
    @MethodSource("dev.morula.kernel.Tiers#available")
    void writesTheGoldenFileByteForByte(Tier tier) throws IOException {
        try (Kernels tierKernels = Kernels.cpu(tier);
                Matrix values = Matrix.of(GOLDEN_LAYER);
                StandardisedLayer layer =
                        StandardisedLayer.measure(values, Metric.PEARSON, tierKernels, workers, Progress.NONE);
                Correlation found =
                        Correlator.run(layer, CorrelationQuery.atLeast(0.5), tierKernels, workers, Progress.NONE);
                CorrelationGraph graph = CorrelationGraph.of(found.edges(), 8, tierKernels, workers)) {
            GraphFile.write(file, graph, Triangle.FULL);
        }
        assertThat(file).hasSameBinaryContentAs(resource("edges.npz"));
    }

    @ParameterizedTest
    @CsvSource({"FULL, 1000000, int32", "UPPER, 1000000, int32", "FULL, 1, int64", "UPPER, 1, int64"})
    void sciPyLoadsIt(Triangle triangle, long int32Entries, String indexType) {
        Python.require("scipy.sparse");
        Map<Long, Float> edges = TestGraphs.random(97, 0.2, 3);
        write(97, edges, triangle, int32Entries);
        String loaded = Python.run("""
                import sys, numpy, scipy.sparse
                graph = scipy.sparse.load_npz(sys.argv[1])
                assert graph.format == "csr" and graph.shape == (97, 97) and graph.dtype == numpy.float32
                stored = numpy.load(sys.argv[1])
                assert stored["indices"].dtype == stored["indptr"].dtype == sys.argv[2]
                assert graph.has_canonical_format and not graph.diagonal().any()
                upper = scipy.sparse.triu(graph)
                assert (graph != (upper if sys.argv[3] == "UPPER" else upper + upper.T)).nnz == 0
                for row, column, value in zip(upper.row, upper.col, upper.data):
                    print(row, column, numpy.float32(value).view(numpy.int32))
                """, file, indexType, triangle);
        assertThat(loaded.lines())
                .containsExactlyInAnyOrderElementsOf(edges.entrySet().stream()
                        .map(edge -> (edge.getKey() >> 32) + " " + edge.getKey().intValue() + " "
                                + Float.floatToRawIntBits(edge.getValue()))
                        .toList());
    }

    /** An archive of the 3 x 3 matrix with the given rows, whose arrays {@code change} may write over. */
    private void store(int[] indptr, int[] indices, Consumer<NpzWriter> data) {
        store("csr", new long[] {3, 3}, indptr, indices, data);
    }

    private void store(String format, long[] shape, int[] indptr, int[] indices, Consumer<NpzWriter> data) {
        try (NpzWriter writer = NpzWriter.create(file)) {
            writer.writeText("format", format);
            writer.write("shape", shape);
            writer.write("indptr", indptr);
            writer.write("indices", indices);
            data.accept(writer);
            writer.commit();
        }
    }

    private static Consumer<NpzWriter> values(float... values) {
        return writer -> writer.write("data", values);
    }

    @Test
    void readsOneTriangleAndLeavesTheDiagonalOut() {
        Map<Long, Float> expected = Map.of(TestGraphs.pair(0, 2), 0.5f, TestGraphs.pair(1, 2), 0.25f);
        store(new int[] {0, 1, 2, 2}, new int[] {2, 2}, values(0.5f, 0.25f));
        assertThat(read(file, 3)).isEqualTo(expected);
        store(new int[] {0, 0, 0, 2}, new int[] {1, 0}, values(0.25f, 0.5f)); // below the diagonal, in no order
        assertThat(read(file, 3)).isEqualTo(expected);
        store(new int[] {0, 2, 4, 7}, new int[] {0, 2, 1, 2, 2, 0, 1}, values(1, 0.5f, 1, 0.25f, 1, 0.5f, 0.25f));
        assertThat(read(file, 3)).isEqualTo(expected);
        store(new int[] {0, 1, 2, 3}, new int[] {0, 1, 2}, values(1, 1, 1));
        assertThat(read(file, 3)).isEmpty();
    }

    private void assertRefused(String message) {
        assertThatThrownBy(() ->
                        GraphFile.read(file, kernels, workers, Long.MAX_VALUE).close())
                .isInstanceOfSatisfying(
                        MorulaException.class, e -> assertThat(e.kind()).isEqualTo(Kind.INPUT))
                .hasMessageStartingWith(file.toString())
                .hasMessageContaining(message);
    }

    @Test
    void refusesWhatIsNoSquareMatrixInCompressedRows() {
        int[] starts = {0, 1, 1, 1};
        store("csc", new long[] {3, 3}, starts, new int[] {1}, values(1));
        assertRefused("holds a sparse matrix in \"csc\" format; csr is read");
        store("csr", new long[] {3, 4}, starts, new int[] {1}, values(1));
        assertRefused("has shape [3, 4]; a square matrix of neurons is needed");
        store("csr", new long[] {3}, starts, new int[] {1}, values(1));
        assertRefused("has shape [3]");
        store("csr", new long[] {0, 0}, new int[] {0}, new int[0], values());
        assertRefused("has shape [0, 0]");
        store("csr", new long[] {1L << 31, 1L << 31}, starts, new int[] {1}, values(1));
        assertRefused("has shape [2147483648, 2147483648]");
        store("csr", new long[] {1L << 30, 1L << 30}, starts, new int[] {1}, values(1));
        assertRefused("indptr has 4 elements; 1,073,741,824 neurons need one more");
    }

    @Test
    void refusesRowsThatLie() {
        store(new int[] {0, 1, 1}, new int[] {1}, values(1));
        assertRefused("indptr has 3 elements; 3 neurons need one more");
        for (int[] starts : List.of(
                new int[] {0, 1, 1, 2}, new int[] {0, 2, 1, 1}, new int[] {1, 1, 1, 1}, new int[] {0, 2, -1, 1})) {
            store(starts, new int[] {1}, values(1));
            assertRefused("indptr does not ascend from 0 to the 1 entries that there are");
        }
        for (int index : new int[] {3, -1, Integer.MIN_VALUE}) {
            store(new int[] {0, 1, 1, 1}, new int[] {index}, values(1));
            assertRefused(String.format("row 0 names neuron %,d, but there are 3", index));
        }
        store(new int[] {0, 1, 1, 1}, new int[] {1}, values(1, 2));
        assertRefused("has 1 indices but 2 values");
    }

    @Test
    void refusesElementsOfOtherTypes() {
        store(new int[] {0, 1, 1, 1}, new int[] {1}, writer -> writer.write("data", new int[] {1}));
        assertRefused("data are of type I32; float32 or float64 is needed");
        try (NpzWriter writer = NpzWriter.create(file)) {
            writer.writeText("format", "csr");
            writer.write("shape", new long[] {3, 3});
            writer.write("indptr", new float[] {0, 1, 1, 1});
            writer.write("indices", new float[] {1});
            writer.write("data", new float[] {1});
            writer.commit();
        }
        assertRefused("indptr are of type F32; int32 or int64 is needed");
    }

    @Test
    void refusesAnAsymmetricMatrix() {
        store(new int[] {0, 1, 1, 2}, new int[] {1, 1}, values(1, 1)); // as many above the diagonal as below
        assertRefused("of the entries (1, 0) and (0, 1) it has one only");
        store(new int[] {0, 2, 3, 3}, new int[] {1, 2, 0}, values(1, 1, 1));
        assertRefused("of the entries (2, 0) and (0, 2) it has one only");
        store(new int[] {0, 1, 2, 3}, new int[] {1, 0, 0}, values(1, 1, 1));
        assertRefused("of the entries (2, 0) and (0, 2) it has one only");
        store(new int[] {0, 2, 2, 2}, new int[] {1, 1}, values(1, 1));
        assertRefused("has more than one entry for neurons 0 and 1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"format", "shape", "indptr", "indices", "data"})
    void refusesAnArchiveThatLacksAnArray(String missing) {
        Map<String, Consumer<NpzWriter>> arrays = Map.of(
                "format", writer -> writer.writeText("format", "csr"),
                "shape", writer -> writer.write("shape", new long[] {3, 3}),
                "indptr", writer -> writer.write("indptr", new int[] {0, 1, 1, 1}),
                "indices", writer -> writer.write("indices", new int[] {1}),
                "data", values(1));
        try (NpzWriter writer = NpzWriter.create(file)) {
            arrays.forEach((name, array) -> {
                if (!name.equals(missing)) {
                    array.accept(writer);
                }
            });
            writer.commit();
        }
        assertRefused("has no array \"" + missing + "\"");
    }

    @ParameterizedTest
    @CsvSource({"FULL, 27", "UPPER, 27", "FULL, 28", "UPPER, 28"})
    void readingStaysWithinItsMemory(Triangle triangle, long bytesAnEdge) {
        Map<Long, Float> edges = TestGraphs.random(97, 0.2, 3);
        write(97, edges, triangle, Long.MAX_VALUE);
        ThrowingCallable reading = () -> GraphFile.read(file, kernels, workers, edges.size() * bytesAnEdge)
                .close();
        if (bytesAnEdge == 28) {
            assertThatCode(reading).doesNotThrowAnyException();
        } else {
            assertThatThrownBy(reading)
                    .isInstanceOfSatisfying(
                            MorulaException.class, e -> assertThat(e.kind()).isEqualTo(Kind.RESOURCES))
                    .hasMessageContaining(String.format("but %,d are needed", 28L * edges.size()));
        }
    }

    @Test
    void inflatingCountsAsReading() {
        Path compressed = resource("scipy_single.npz"); // 8 entries and 9 row starts of 4 bytes, 4 edges
        long needed = 9 * 4 + 8 * (4 + 4) + 4 * 28;
        GraphFile.read(compressed, kernels, workers, needed).close();
        assertThatThrownBy(() -> GraphFile.read(compressed, kernels, workers, needed - 1))
                .hasMessageContaining("allow more with --memory");
    }

    @Test
    void refusesADamagedArchive() throws IOException {
        byte[] whole = Files.readAllBytes(resource("scipy_single.npz"));
        for (int at = 0; at < whole.length; at++) {
            byte[] damaged = whole.clone();
            damaged[at] ^= 0x5a;
            Files.write(file, damaged);
            try {
                GraphFile.read(file, kernels, workers, Long.MAX_VALUE).close();
            } catch (MorulaException e) {
                assertThat(e.kind()).isEqualTo(Kind.INPUT);
                assertThat(e).hasMessageStartingWith(file.toString());
            }
        }
    }
}
