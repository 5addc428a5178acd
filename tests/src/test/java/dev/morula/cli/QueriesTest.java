package dev.morula.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.morula.Python;
import dev.morula.correlate.CorrelationOracle;
import dev.morula.correlate.TestLayers;
import dev.morula.data.Npy;
import dev.morula.data.StoredArray;
import dev.morula.kernel.ElementType;
import dev.morula.kernel.Matrix;
import dev.morula.kernel.Metric;
import dev.morula.kernel.Sign;
import dev.morula.kernel.SystemMemory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What {@code morula correlate} writes beside the graph: degrees, histogram, matrix. */
class QueriesTest {
    private static final int NEURONS = 61;
    private static final int SAMPLES = 87;

    @TempDir
    private Path folder;

    private double[][] layer; // neurons x samples
    private Path file;

    @BeforeEach
    void makeLayer() {
        layer = LayerFiles.layer(NEURONS, SAMPLES);
        Arrays.fill(layer[5], 0);
        file = LayerFiles.npy(folder.resolve("layer.npy"), LayerFiles.transposed(layer), ElementType.F32);
    }

    private Path in(String name) {
        return folder.resolve(name);
    }

    private Run correlate(Object... arguments) {
        List<Object> all = new ArrayList<>(List.of("correlate", file, "--threshold", "0.6", "--json"));
        all.addAll(Arrays.asList(arguments));
        return Run.of(all.toArray());
    }

    private long[] degrees() {
        StoredArray stored = Npy.open(in("degrees.npy"));
        assertThat(stored.shape()).containsExactly((long) NEURONS);
        try (Matrix matrix = stored.map()) {
            long[] degrees = new long[NEURONS];
            matrix.read(0, degrees, 0, NEURONS);
            return degrees;
        }
    }

    @ParameterizedTest
    @EnumSource
    void degreesAreTheSameWithAndWithoutTheGraph(Metric metric) throws IOException {
        long[] expected = new long[NEURONS];
        for (long pair :
                new CorrelationOracle(layer, metric).edges(0.6, Sign.SIGNED).longs()) {
            expected[(int) (pair >> 32)]++;
            expected[(int) pair]++;
        }
        JsonNode counted = correlate("--metric", metric, "--degrees", in("degrees.npy"))
                .exits(0)
                .json();
        assertThat(degrees()).isEqualTo(expected);
        assertThat(counted.get("edges").asLong())
                .isEqualTo(Arrays.stream(expected).sum() / 2);
        assertThat(counted.get("degrees").asText()).isEqualTo(in("degrees.npy").toString());
        assertThat(counted.get("output").isNull()).isTrue();
        assertThat(Run.parse(Files.readString(in("degrees.json")))).isEqualTo(counted);

        Files.delete(in("degrees.npy"));
        JsonNode stored = correlate("--metric", metric, "--degrees", in("degrees.npy"), "--out", in("edges.npz"))
                .exits(0)
                .json();
        assertThat(degrees()).isEqualTo(expected);
        assertThat(stored.get("edges")).isEqualTo(counted.get("edges"));
        assertThat(Run.parse(Files.readString(in("edges.json")))).isEqualTo(stored);
    }

    @Test
    void theHistogramCountsAllPairs() throws IOException {
        JsonNode summary = correlate("--out", in("edges.npz"), "--histogram", in("histogram.json"))
                .exits(0)
                .json();
        assertThat(summary.get("histogram").asText())
                .isEqualTo(in("histogram.json").toString());
        JsonNode histogram = Run.parse(Files.readString(in("histogram.json")));
        assertThat(histogram.get("exact").asBoolean()).isTrue();
        assertThat(histogram.get("sample").isNull()).isTrue();
        assertThat(histogram.get("neurons").asInt()).isEqualTo(NEURONS - 1);
        assertThat(histogram.get("pairs").asInt()).isEqualTo(60 * 59 / 2);
        JsonNode edges = histogram.get("binEdges");
        JsonNode counts = histogram.get("counts");
        assertThat(edges).hasSize(counts.size() + 1);
        long strong = 0;
        double shares = 0;
        for (int bin = 0; bin < counts.size(); bin++) {
            strong += edges.get(bin).asDouble() > 0.599 ? counts.get(bin).asLong() : 0;
            shares += histogram.get("shares").get(bin).asDouble();
        }
        assertThat(strong).isEqualTo(summary.get("edges").asLong());
        assertThat(shares).isCloseTo(1, within(1e-12));
    }

    @Test
    void theHistogramOfAWideLayerSaysHowFarItIsToBeTrusted() throws IOException {
        double[][] wide = TestLayers.gaussian(9000, 5, 1);
        file = LayerFiles.npy(in("wide.npy"), wide, ElementType.F32);
        correlate("--layout", "neurons-first", "--degrees", in("degrees.npy"), "--histogram", in("histogram.json"))
                .exits(0);
        JsonNode histogram = Run.parse(Files.readString(in("histogram.json")));
        assertThat(histogram.get("exact").asBoolean()).isFalse();
        assertThat(histogram.get("neurons").asInt()).isEqualTo(9000);
        JsonNode sample = histogram.get("sample");
        assertThat(sample.get("confidence").asDouble()).isEqualTo(0.95);
        int drawn = sample.get("neurons").asInt();
        assertThat(histogram.get("pairs").asLong()).isEqualTo(drawn * (drawn - 1L) / 2);
        for (int bin = 0; bin < histogram.get("counts").size(); bin++) {
            double share = histogram.get("shares").get(bin).asDouble();
            assertThat(sample.get("lower").get(bin).asDouble()).isLessThan(share);
            assertThat(sample.get("upper").get(bin).asDouble()).isGreaterThan(share);
        }
    }

    @ParameterizedTest
    @EnumSource
    void theMatrixHoldsAllCorrelations(Metric metric) {
        JsonNode summary = correlate("--out", in("edges.npz"), "--metric", metric, "--matrix", in("matrix.npy"))
                .exits(0)
                .json();
        assertThat(summary.get("matrix").asText()).isEqualTo(in("matrix.npy").toString());
        CorrelationOracle oracle = new CorrelationOracle(layer, metric);
        try (Matrix matrix = Npy.open(in("matrix.npy")).map()) {
            for (int i = 0; i < NEURONS; i++) {
                float[] row = matrix.row(i);
                assertThat(row).hasSize(NEURONS);
                for (int j = 0; j < NEURONS; j++) {
                    if (i == 5 || j == 5) {
                        assertThat(row[j]).isNaN();
                    } else {
                        assertThat((double) row[j]).isCloseTo(oracle.correlation(i, j), within(1e-6));
                    }
                }
            }
        }
    }

    @Test
    void numPyAndSciPyAgree() {
        Python.require("scipy.stats");
        correlate("--degrees", in("degrees.npy"), "--matrix", in("pearson.npy")).exits(0);
        correlate("--degrees", in("ranked.npy"), "--matrix", in("spearman.npy"), "--metric", "spearman")
                .exits(0);
        Python.run("""
                import sys, warnings, numpy as np, scipy.stats
                warnings.simplefilter("ignore")
                layer, pearson, spearman, degrees, ranked = map(np.load, sys.argv[1:])
                for mine, theirs, counted in (
                    (pearson, np.corrcoef(layer.astype("f8").T), degrees),
                    (spearman, scipy.stats.spearmanr(layer).statistic, ranked),
                ):
                    assert mine.dtype == np.float32 and counted.dtype == np.int64
                    assert np.allclose(mine, theirs, rtol=0, atol=1e-6, equal_nan=True)
                    assert np.isnan(mine[5]).all() and np.isnan(mine[:, 5]).all()
                    assert (counted == (theirs >= 0.6).sum(0) - ~np.isnan(np.diag(theirs))).all()
                """, file, in("pearson.npy"), in("spearman.npy"), in("degrees.npy"), in("ranked.npy"));
    }

    @Test
    void spearmanReportsTheActivations() throws IOException {
        Arrays.fill(layer[8], 3.5);
        layer[9][17] = Double.NaN;
        file = LayerFiles.npy(file, LayerFiles.transposed(layer), ElementType.F32);
        assertThat(correlate("--metric", "spearman", "--out", in("edges.npz"))
                        .exits(3)
                        .err())
                .contains("neuron 9 is NaN or infinite at sample 17");
        for (String metric : List.of("pearson", "spearman")) {
            correlate("--metric", metric, "--out", in("x.npz"), "--neurons", in(metric), "--drop-nonfinite")
                    .exits(0);
        }
        assertThat(states("spearman")).isEqualTo(states("pearson"));
        assertThat(states("spearman").get(9)).isEqualTo("8,constant,3.50000000000,0.00000000000");
    }

    /** Index, state, mean and deviation of every neuron. */
    private List<String> states(String table) throws IOException {
        return Files.readAllLines(in(table)).stream()
                .map(line -> Arrays.copyOf(line.split(",", -1), 4))
                .map(fields -> fields[0] + "," + fields[1] + "," + rounded(fields[2]) + "," + rounded(fields[3]))
                .toList();
    }

    /** To 12 digits: a layer read in place adds up in another order than one that is turned first. */
    private static String rounded(String field) {
        return field.matches("-?[0-9].*") ? String.format(Locale.ROOT, "%.12g", Double.parseDouble(field)) : field;
    }

    @ParameterizedTest
    @CsvSource({
        "no file is to hold the edges, --histogram, histogram.json",
        "--neurons, --degrees degrees.npy --neurons, neurons.csv",
        "'--max-edges 7: without --out', --degrees degrees.npy --max-edges, 7",
        "degrees.json: is read or written, --degrees degrees.npy --histogram, degrees.json",
        "m.npy: is read or written, --degrees m.npy --matrix, m.npy",
        "layer.npy: is read or written, --degrees, layer.npy",
    })
    void whatMakesNoSenseIsSaidBeforeTheWork(String message, String options, String last) {
        FolderContent before = FolderContent.of(folder);
        List<Object> arguments = new ArrayList<>();
        for (String word : (options + " " + last).split(" ")) {
            arguments.add(word.contains(".") ? in(word) : word);
        }
        assertThat(correlate(arguments.toArray()).exits(2).err()).contains(message);
        assertThat(FolderContent.of(folder)).isEqualTo(before);
    }

    @Test
    void aMatrixThatDoesNotFitIsRefusedWithWhatItNeeds() {
        long memory = Runtime.getRuntime().maxMemory() + (400L << 20);
        assumeTrue(SystemMemory.now().totalBytes() > memory);
        file = LayerFiles.npy(in("wide.npy"), new double[2][20_000], ElementType.F32);
        Run run = correlate("--out", in("edges.npz"), "--matrix", in("matrix.npy"), "--memory", memory)
                .exits(4);
        assertThat(run.err()).contains("the matrix of all correlations of 20,000 neurons needs 1.5 GiB");
        assertThat(in("edges.npz")).doesNotExist();
        assertThat(in("matrix.npy")).doesNotExist();
    }
}
