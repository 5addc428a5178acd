package dev.morula.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.morula.correlate.CorrelationOracle;
import dev.morula.correlate.TestLayers;
import dev.morula.data.Npy;
import dev.morula.data.SafetensorsFile;
import dev.morula.data.StoredArray;
import dev.morula.graph.CorrelationGraph;
import dev.morula.graph.GraphFile;
import dev.morula.graph.TestGraphs;
import dev.morula.kernel.ElementType;
import dev.morula.kernel.Kernels;
import dev.morula.kernel.Matrix;
import dev.morula.kernel.Metric;
import dev.morula.kernel.Sign;
import dev.morula.kernel.Workers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The flow as a user walks it: train, activations, correlate, cluster, report. */
class FlowTest {
    private static final int IMAGES = 500;
    private static final int WIDTH = 256;

    @TempDir
    private static Path trained;

    @TempDir
    private Path run;

    @BeforeAll
    static void train() {
        Run.of("train", "--net", "mlp:784-32-" + WIDTH, "--data", "mnist-mini", "--train-size", IMAGES)
                .exits(2); // --out is missing
        Run.of(
                        "train",
                        "--net",
                        "mlp:784-32-" + WIDTH,
                        "--data",
                        "mnist-mini",
                        "--train-size",
                        IMAGES,
                        "--epochs",
                        20,
                        "--seed",
                        7,
                        "--out",
                        trained)
                .exits(0);
    }

    @BeforeEach
    void copyTheRun() throws IOException {
        for (String name : List.of("run.json", "model.safetensors")) {
            Files.copy(trained.resolve(name), run.resolve(name), StandardCopyOption.REPLACE_EXISTING);
        }
    }

    private Path file(String name) {
        return run.resolve(name);
    }

    private void record() {
        Run.of("activations", run, "--out", file("layer.npy")).exits(0);
    }

    private JsonNode correlate(double threshold) {
        return Run.of("correlate", file("layer.npy"), "--threshold", threshold, "--out", file("edges.npz"), "--json")
                .exits(0)
                .json();
    }

    private JsonNode cluster(Object... options) {
        Stream<Object> all = Stream.concat(
                Stream.of("cluster", file("edges.npz"), "--out", file("labels.npy"), "--json"), Stream.of(options));
        return Run.of(all.toArray()).exits(0).json();
    }

    private static Set<String> namesIn(Path folder) {
        return FolderContent.of(folder).files().keySet();
    }

    @Test
    void trainingWritesARunThatCanBeRepeated() throws IOException {
        assertThat(namesIn(trained)).containsExactlyInAnyOrder("", "run.json", "model.safetensors", "metrics.jsonl");
        JsonNode summary = Run.parse(Files.readString(file("run.json")));
        assertThat(summary.fieldNames())
                .toIterable()
                .contains("version", "command", "arguments", "machine", "training", "seconds");
        JsonNode training = summary.get("training");
        assertThat(training.get("seed").asLong()).isEqualTo(7);
        assertThat(training.get("trainSize").asInt()).isEqualTo(IMAGES);
        assertThat(training.get("curve")).hasSize(20);
        assertThat(training.get("trainError").asDouble()).isLessThan(0.05);
        assertThat(training.get("testError").asDouble()).isLessThan(0.3);
        assertThat(SafetensorsFile.open(file("model.safetensors")).matrices())
                .isEqualTo(Map.of(
                        "0.weight",
                        List.of(32L, 784L),
                        "2.weight",
                        List.of(256L, 32L),
                        "4.weight",
                        List.of(10L, 256L)));
        Object[] again = StreamSupport.stream(summary.get("arguments").spliterator(), false)
                .map(JsonNode::asText)
                .toArray();
        again[again.length - 1] = file("again");
        Run.of(again).exits(0);
        assertThat(file("again/model.safetensors")).hasSameBinaryContentAs(file("model.safetensors"));
    }

    @ParameterizedTest
    @CsvSource({"last, train, 500, 256", "2, test, 10000, 256", "1, train, 500, 32"})
    void everyHiddenLayerCanBeRecorded(String layer, String split, long samples, long neurons) {
        JsonNode recorded = Run.of(
                        "activations", run, "--layer", layer, "--split", split, "--out", file("layer.npy"), "--json")
                .exits(0)
                .json();
        assertThat(recorded.get("samples").asLong()).isEqualTo(samples);
        StoredArray stored = Npy.open(file("layer.npy"));
        assertThat(stored.shape()).containsExactly(samples, neurons);
        assertThat(stored.type()).isEqualTo(ElementType.F32);
        try (Matrix values = stored.map()) {
            float[] first = values.row(0);
            assertThat(IntStream.range(0, first.length).mapToDouble(k -> first[k]))
                    .allMatch(x -> x >= 0);
        }
    }

    @Test
    void theEdgesOfATrainedLayerAreTheExactOnes() {
        record();
        double[][] layer = neuronsOf(file("layer.npy"));
        CorrelationOracle oracle = new CorrelationOracle(layer, Metric.PEARSON);
        for (double threshold : new double[] {0, 0.5, 0.8}) {
            JsonNode json = correlate(threshold);
            Map<Long, Float> edges = storedEdges();
            assertThat(edges.keySet())
                    .isEqualTo(oracle.edges(threshold, Sign.SIGNED).longs());
            assertThat(edges).hasSize(json.get("edges").asInt()).hasSizeGreaterThan(20);
            edges.forEach((pair, value) -> assertThat(
                            Math.abs(value - oracle.correlation((int) (pair >> 32), pair.intValue())))
                    .isLessThan(1e-6));
        }
    }

    private static double[][] neuronsOf(Path layer) {
        try (Matrix values = Npy.open(layer).map()) {
            double[][] samples = new double[(int) values.rows()][];
            for (int row = 0; row < samples.length; row++) {
                float[] sample = values.row(row);
                samples[row] = IntStream.range(0, sample.length)
                        .mapToDouble(k -> sample[k])
                        .toArray();
            }
            return LayerFiles.transposed(samples);
        }
    }

    private Map<Long, Float> storedEdges() {
        try (Kernels kernels = Kernels.cpu();
                Workers workers = new Workers(1);
                CorrelationGraph graph = GraphFile.read(file("edges.npz"), kernels, workers, Long.MAX_VALUE)) {
            return TestGraphs.edges(graph);
        }
    }

    @Test
    void everyMemberOfACoverIsCorrelatedWithItsRepresentative() throws IOException {
        record();
        correlate(0.7);
        JsonNode summary = cluster();
        assertThat(Run.parse(Files.readString(file("labels.json")))).isEqualTo(summary);
        int[] labels = labels();
        Map<Long, Float> edges = storedEdges();
        int clusters = summary.get("clusters").asInt();
        assertThat(clusters).isEqualTo(summary.get("sizes").size()).isGreaterThan(1);
        for (int cluster = 0; cluster < clusters; cluster++) {
            int number = cluster;
            int representative = summary.get("representatives").get(cluster).asInt();
            List<Integer> members = IntStream.range(0, WIDTH)
                    .filter(neuron -> labels[neuron] == number)
                    .boxed()
                    .toList();
            assertThat(members)
                    .hasSize(summary.get("sizes").get(cluster).asInt())
                    .contains(representative);
            assertThat(members)
                    .allMatch(neuron ->
                            neuron == representative || edges.containsKey(TestGraphs.pair(neuron, representative)));
        }
    }

    private int[] labels() {
        StoredArray stored = Npy.open(file("labels.npy"));
        assertThat(stored.type()).isEqualTo(ElementType.I32);
        assertThat(stored.shape()).containsExactly((long) WIDTH);
        try (Matrix values = stored.map()) {
            int[] labels = new int[WIDTH];
            values.read(0, labels, 0, WIDTH);
            return labels;
        }
    }

    @Test
    void componentsJoinWhateverAnEdgeJoins() {
        record();
        correlate(0.9);
        JsonNode summary = cluster("--method", "components");
        int[] labels = labels();
        assertThat(storedEdges().keySet())
                .isNotEmpty()
                .allMatch(pair -> labels[(int) (pair >> 32)] == labels[pair.intValue()]);
        assertThat(summary.get("method").asText()).isEqualTo("components");
        int largest = summary.get("sizes").get(0).asInt();
        JsonNode fewer = cluster("--method", "components", "--min-size", largest);
        assertThat(fewer.get("sizes")).allMatch(size -> size.asInt() == largest);
        assertThat(IntStream.of(labels()).filter(label -> label >= 0).count())
                .isEqualTo(fewer.get("clusteredNeurons").asLong());
    }

    @Test
    void averageLinkageComesWithItsTree() {
        record();
        correlate(0.7);
        JsonNode summary = cluster("--method", "average");
        assertThat(summary.get("linkage").asText())
                .isEqualTo(file("linkage.npy").toString());
        double[] linkage = new double[4 * (WIDTH - 1)];
        try (Matrix tree = Npy.open(file("linkage.npy")).map()) {
            assertThat(List.of(tree.rows(), tree.columns())).containsExactly(WIDTH - 1L, 4L);
            tree.read(0, linkage, 0, linkage.length);
        }
        assertThat(linkage[linkage.length - 1]).isEqualTo(WIDTH);
        int merged = (int) IntStream.range(0, WIDTH - 1)
                .filter(k -> linkage[4 * k + 2] <= 0.3)
                .count();
        assertThat(summary.get("clusteredNeurons").asInt()
                        - summary.get("clusters").asInt())
                .isPositive()
                .isCloseTo(merged, within(1)); // the cut is the least edge, just above 0.7
        JsonNode fewer = cluster("--method", "average", "--cut", 0.9);
        assertThat(fewer.get("clusteredNeurons").asInt())
                .isLessThan(summary.get("clusteredNeurons").asInt());
        assertThat(cluster().get("linkage").isNull()).isTrue();
        assertThat(Run.of("cluster", file("edges.npz"), "--cut", 0.9, "--out", file("l.npy"))
                        .exits(2)
                        .err())
                .contains("--cut 0.9: it is for --method average, not cover");
        assertThat(Run.of("cluster", file("edges.npz"), "--method", "average", "--out", file("linkage.npy"))
                        .exits(2)
                        .err())
                .contains("linkage.npy: is read or written by this command already");
    }

    @Test
    void theReportShowsWhatThereIs() throws IOException {
        assertThat(report()).contains("mlp:784-32-256", "id=\"error\"").doesNotContain("id=\"histogram\"");
        record();
        correlate(0.8);
        assertThat(report()).contains("id=\"histogram\"").doesNotContain("id=\"matrix\"", "id=\"cluster-sizes\"");
        cluster();
        assertThat(report()).contains("id=\"error\"", "id=\"histogram\"", "id=\"matrix\"", "id=\"cluster-sizes\"");
        Files.delete(file("layer.npy"));
        assertThat(report()).contains("id=\"cluster-sizes\"").doesNotContain("id=\"histogram\"", "id=\"matrix\"");
        Files.delete(file("run.json"));
        assertThat(report()).contains("id=\"cluster-sizes\"").doesNotContain("id=\"error\"");
    }

    private String report() throws IOException {
        Files.deleteIfExists(file("report.html"));
        Run.of("report", run).exits(0);
        return Files.readString(file("report.html"));
    }

    @Test
    void aFileFromElsewhereCanBeCorrelatedClusteredAndReported() throws IOException {
        Files.delete(file("run.json"));
        Files.delete(file("model.safetensors"));
        LayerFiles.npy(
                file("layer.npy"), LayerFiles.transposed(TestLayers.lowRank(40, 90, 2, 0.3, 1)), ElementType.F32);
        correlate(0.8);
        cluster();
        assertThat(report()).contains("Of 40 neurons", "id=\"matrix\"").doesNotContain("id=\"error\"");
        assertThat(namesIn(run))
                .containsExactlyInAnyOrder(
                        "", "layer.npy", "edges.npz", "edges.json", "labels.npy", "labels.json", "report.html");
    }

    @Test
    void aRunIsNeverTrainedOver() {
        FolderContent before = FolderContent.of(run);
        assertThat(Run.of("train", "--net", "mlp:784-8", "--data", "mnist-mini", "--out", run)
                        .exits(3)
                        .err())
                .contains(run + ": holds a run already; give another --out, or delete it first");
        assertThat(Run.of("demo", "--width", 8, "--out", run).exits(3).err()).contains("holds a run already");
        assertThat(FolderContent.of(run)).isEqualTo(before);
    }

    @ParameterizedTest
    @ValueSource(strings = {"run.json", "model.safetensors"})
    void aRecordedLayerNeverReplacesTheRun(String name) {
        FolderContent before = FolderContent.of(run);
        Run.of("activations", run, "--out", file(name)).exits(2);
        assertThat(FolderContent.of(run)).isEqualTo(before);
    }

    @Test
    void labelsNeverReplaceTheSummaryOfTheGraph() {
        record();
        correlate(0.8);
        FolderContent before = FolderContent.of(run);
        Run.of("cluster", file("edges.npz"), "--out", file("edges.npy")).exits(2);
        Run.of("cluster", file("edges.npz"), "--out", file("edges.npz")).exits(2);
        assertThat(FolderContent.of(run)).isEqualTo(before);
    }

    @Test
    void saysWhatIsMissingOrWrong() throws IOException {
        assertThat(Run.of("activations", run, "--layer", 3, "--out", file("l.npy"))
                        .exits(2)
                        .err())
                .contains("layer \"3\": it must be 1 to 2");
        assertThat(Run.of("activations", run, "--split", "dev", "--out", file("l.npy"))
                        .exits(2)
                        .err())
                .contains("--split dev: it must be train or test");
        assertThat(Run.of("cluster", file("edges.npz"), "--out", file("l.npy"))
                        .exits(3)
                        .err())
                .contains("edges.npz: there is no such file");
        assertThat(Run.of("cluster", file("run.json"), "--method", "dbscan", "--out", file("l.npy"))
                        .exits(2)
                        .err())
                .contains("there is no clustering \"dbscan\": give cover, components or average");
        assertThat(Run.of("cluster", file("run.json"), "--out", file("l.npy"))
                        .exits(3)
                        .err())
                .contains("run.json: is not an .npz archive");
        Files.delete(file("run.json"));
        assertThat(Run.of("report", run).exits(3).err()).contains("holds neither a run.json");
        assertThat(Run.of("activations", run, "--out", file("l.npy")).exits(3).err())
                .contains("holds no run.json");
        assertThat(namesIn(run)).containsExactlyInAnyOrder("", "model.safetensors");
    }
}
