package dev.morula.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.morula.Python;
import dev.morula.correlate.CorrelationOracle;
import dev.morula.data.NpzArray;
import dev.morula.data.NpzFile;
import dev.morula.data.SafetensorsWriter;
import dev.morula.data.SafetensorsWriter.Tensor;
import dev.morula.kernel.ElementType;
import dev.morula.kernel.Matrices;
import dev.morula.kernel.Matrix;
import dev.morula.kernel.Metric;
import dev.morula.kernel.Sign;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code morula correlate --against}: the neurons of two layers. */
class AgainstTest {
    private static final int ROWS = 41;
    private static final int COLUMNS = 67;
    private static final int SAMPLES = 97;

    @TempDir
    private Path folder;

    private double[][] both; // neurons x samples, those of the first layer first
    private Path first;
    private Path second;

    @BeforeEach
    void writeLayers() {
        both = LayerFiles.layer(ROWS + COLUMNS, SAMPLES);
        Arrays.fill(both[3], 0);
        Arrays.fill(both[ROWS + 60], 2.5);
        first = write("first.npy", 0, ROWS, ElementType.F32);
        second = write("second.npy", ROWS, ROWS + COLUMNS, ElementType.F32);
    }

    private Path write(String name, int from, int to, ElementType type) {
        double[][] samples = LayerFiles.transposed(Arrays.copyOfRange(both, from, to));
        if (type != ElementType.BF16) {
            return LayerFiles.npy(in(name), samples, type);
        }
        try (Matrix matrix = Matrices.of(samples, type)) {
            SafetensorsWriter.write(in(name + ".safetensors"), List.of(Tensor.matrix("layer", matrix)), Map.of());
        }
        return in(name + ".safetensors");
    }

    private Path in(String name) {
        return folder.resolve(name);
    }

    private Run correlate(Object... arguments) {
        List<Object> all = new ArrayList<>(List.of("correlate", "--json", "--out", in("pairs.npz")));
        all.addAll(Arrays.asList(arguments));
        return Run.of(all.toArray());
    }

    /** What the file holds, as neuron of both layers * 2^32 + neuron of both layers. */
    private Map<Long, Float> stored() {
        NpzFile file = NpzFile.open(in("pairs.npz"));
        assertThat(file.array("shape").integers()).containsExactly(ROWS, COLUMNS);
        long[] starts = integers(file.array("indptr"));
        long[] columns = integers(file.array("indices"));
        Map<Long, Float> stored = new TreeMap<>();
        if (columns.length == 0) {
            return stored;
        }
        try (Matrix data = file.array("data").matrix(Matrix::allocate)) {
            float[] values = new float[columns.length];
            data.read(0, values, 0, values.length);
            for (int row = 0; row < ROWS; row++) {
                for (int k = (int) starts[row]; k < starts[row + 1]; k++) {
                    assertThat(k == starts[row] || columns[k - 1] < columns[k]).isTrue();
                    stored.put((long) row << 32 | ROWS + columns[k], values[k]);
                }
            }
        }
        return stored;
    }

    private static long[] integers(NpzArray array) {
        return array.count() == 0 ? new long[0] : array.integers();
    }

    private Map<Long, Float> expected(Metric metric, Sign sign, double threshold) {
        CorrelationOracle oracle = new CorrelationOracle(both, metric);
        Map<Long, Float> expected = new TreeMap<>();
        oracle.edges(threshold, sign).longs().stream()
                .filter(pair -> pair >> 32 < ROWS && pair.intValue() >= ROWS)
                .forEach(pair -> expected.put(pair, (float) oracle.correlation((int) (pair >> 32), pair.intValue())));
        return expected;
    }

    private void agrees(Map<Long, Float> expected) {
        Map<Long, Float> stored = stored();
        assertThat(stored.keySet()).isNotEmpty().isEqualTo(expected.keySet());
        stored.forEach((pair, value) -> assertThat(value).isCloseTo(expected.get(pair), within(1.1e-6f)));
    }

    @ParameterizedTest
    @CsvSource({"PEARSON, SIGNED, 0.6", "PEARSON, ABSOLUTE, 0.4", "COSINE, SIGNED, 0.8", "SPEARMAN, ABSOLUTE, 0.5"})
    void findsWhatTheOracleFinds(Metric metric, Sign sign, double threshold) {
        List<Object> arguments =
                new ArrayList<>(List.of(first, "--against", second, "--threshold", threshold, "--metric", metric));
        if (sign == Sign.ABSOLUTE) {
            arguments.add("--abs");
        }
        JsonNode summary = correlate(arguments.toArray()).exits(0).json();
        Map<Long, Float> expected = expected(metric, sign, threshold);
        agrees(expected);
        assertThat(summary.get("edges").asInt()).isEqualTo(expected.size());
        assertThat(summary.get("neurons").asInt()).isEqualTo(ROWS);
        assertThat(summary.get("againstNeurons").asInt()).isEqualTo(COLUMNS);
        assertThat(summary.get("symmetric").asBoolean()).isFalse();
        assertThat(summary.get("against").get(0).asText()).isEqualTo(second.toString());
        if (metric != Metric.COSINE) {
            assertThat(summary.get("pairs").asInt()).isEqualTo((ROWS - 1) * (COLUMNS - 1));
        }
    }

    @ParameterizedTest
    @CsvSource({"F16, BF16", "BF16, F32", "F32, F64", "F64, F16", "F16, F16", "F64, F64"})
    void typesNeedNotAgree(ElementType one, ElementType other) {
        first = write("first.npy", 0, ROWS, one);
        second = write("second.npy", ROWS, ROWS + COLUMNS, other);
        correlate(first, "--against", second, "--threshold", 0.6).exits(0);
        agrees(expected(Metric.PEARSON, Sign.SIGNED, 0.6));
    }

    @Test
    void shardsOfBothAreTakenInOrder() {
        double[][] samples = LayerFiles.transposed(both);
        List<Object> arguments = new ArrayList<>(List.of("--threshold", 0.6));
        for (int[] part : new int[][] {{0, 40}, {40, SAMPLES}}) {
            double[][] some = Arrays.copyOfRange(samples, part[0], part[1]);
            double[][] left =
                    Arrays.stream(some).map(row -> Arrays.copyOf(row, ROWS)).toArray(double[][]::new);
            double[][] right = Arrays.stream(some)
                    .map(row -> Arrays.copyOfRange(row, ROWS, ROWS + COLUMNS))
                    .toArray(double[][]::new);
            arguments.add(LayerFiles.npy(in("left" + part[0] + ".npy"), left, ElementType.F32));
            arguments.add("--against");
            arguments.add(LayerFiles.npy(in("right" + part[0] + ".npy"), right, ElementType.F32));
        }
        correlate(arguments.toArray()).exits(0);
        agrees(expected(Metric.PEARSON, Sign.SIGNED, 0.6));
    }

    @Test
    void aLayerAgainstItselfHasItsDiagonal() {
        correlate(first, "--against", first, "--threshold", 0.999999).exits(0);
        assertThat(integers(NpzFile.open(in("pairs.npz")).array("indices"))).hasSize(ROWS - 1);
    }

    @Test
    void nothingFoundIsAFileToo() {
        correlate(first, "--against", second, "--threshold", 1).exits(0);
        assertThat(stored()).isEmpty();
    }

    private void assertRefused(int exitCode, String message, Object... arguments) {
        FolderContent before = FolderContent.of(folder);
        List<Object> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("--threshold", 0.6));
        Run run = correlate(all.toArray()).exits(exitCode);
        assertThat(run.err()).contains("morula: ").contains(message);
        assertThat(FolderContent.of(folder)).isEqualTo(before);
    }

    @Test
    void whatMakesNoSenseIsSaid() {
        Path fewer = LayerFiles.npy(
                in("fewer.npy"), Arrays.copyOf(LayerFiles.transposed(both), SAMPLES - 1), ElementType.F32);
        assertRefused(3, fewer + ": has 96 samples, but " + first + " has 97; two layers", first, "--against", fewer);
        for (String[] option : new String[][] {
            {"--rows", "0:7"},
            {"--resume"},
            {"--triangle", "upper"},
            {"--degrees", in("degrees.npy").toString()}
        }) {
            assertRefused(
                    2,
                    "leave out --rows, --resume",
                    Stream.concat(Stream.of(first, "--against", second), Stream.of(option))
                            .toArray());
        }
        both[ROWS + 7][2] = Double.NaN;
        second = write("nan.npy", ROWS, ROWS + COLUMNS, ElementType.F32);
        assertRefused(3, "nan.npy: neuron 7 is NaN or infinite", first, "--against", second);
        correlate(first, "--against", second, "--threshold", 0.6, "--drop-nonfinite")
                .exits(0);
    }

    @Test
    void itIsNoGraphOfOneLayer() {
        correlate(first, "--against", first, "--threshold", 0.6).exits(0);
        String message = "holds correlations of one layer's neurons with another's";
        assertThat(Run.of("cluster", in("pairs.npz"), "--method", "components", "--out", in("labels.npy"))
                        .exits(3)
                        .err())
                .contains(message);
        Run.of("correlate", first, "--against", first, "--threshold", 0.6, "--out", in("edges.npz"))
                .exits(0);
        assertThat(Run.of("report", folder).exits(3).err()).contains(message);
    }

    @Test
    void scipyOpensIt() {
        Python.require("scipy.sparse");
        correlate(first, "--against", second, "--threshold", 0.6).exits(0);
        String read = Python.run("""
                import sys, numpy, scipy.sparse
                a, b = numpy.load(sys.argv[1]), numpy.load(sys.argv[2])
                pairs = scipy.sparse.load_npz(sys.argv[3])
                with numpy.errstate(all="ignore"):
                    r = numpy.corrcoef(a.T.astype("f8"), b.T.astype("f8"))[:a.shape[1], a.shape[1]:]
                print(pairs.shape, pairs.dtype, numpy.abs(pairs.toarray() - numpy.where(r >= 0.6, r, 0)).max() < 1e-6)
                """, first, second, in("pairs.npz"));
        assertThat(read).isEqualToIgnoringNewLines("(41, 67) float32 True");
    }
}
