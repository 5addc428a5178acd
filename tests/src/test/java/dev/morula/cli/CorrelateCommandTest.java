package dev.morula.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.morula.correlate.CorrelationOracle;
import dev.morula.data.NpzFile;
import dev.morula.data.SafetensorsWriter;
import dev.morula.data.SafetensorsWriter.Tensor;
import dev.morula.graph.CorrelationGraph;
import dev.morula.graph.GraphFile;
import dev.morula.graph.TestGraphs;
import dev.morula.kernel.ElementType;
import dev.morula.kernel.Kernels;
import dev.morula.kernel.Matrices;
import dev.morula.kernel.Matrix;
import dev.morula.kernel.Metric;
import dev.morula.kernel.Sign;
import dev.morula.kernel.Workers;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code morula correlate} by its files. */
class CorrelateCommandTest {
    private static final int NEURONS = 67;
    private static final int SAMPLES = 101;

    @TempDir
    private Path folder;

    private double[][] layer; // neurons x samples
    private Path edges;

    @BeforeEach
    void makeLayer() {
        layer = LayerFiles.layer(NEURONS, SAMPLES);
        Arrays.fill(layer[5], 0);
        Arrays.fill(layer[66], 2.5);
        edges = folder.resolve("edges.npz");
    }

    private double[][] samples(int from, int to) {
        return Arrays.copyOfRange(LayerFiles.transposed(layer), from, to);
    }

    private Path npy(String name, double[][] rows, ElementType type) {
        return LayerFiles.npy(folder.resolve(name), rows, type);
    }

    private Path layerFile() {
        return npy("layer.npy", samples(0, SAMPLES), ElementType.F32);
    }

    private Run correlate(Object... arguments) {
        List<Object> all = new ArrayList<>(List.of("correlate", "--out", edges));
        all.addAll(Arrays.asList(arguments));
        return Run.of(all.toArray());
    }

    /** The bytes of the graph of {@code input} at 0.6. */
    private byte[] graph(Object... input) throws IOException {
        Files.deleteIfExists(edges);
        List<Object> arguments = new ArrayList<>(List.of("--threshold", "0.6"));
        arguments.addAll(Arrays.asList(input));
        correlate(arguments.toArray()).exits(0);
        return Files.readAllBytes(edges);
    }

    private Map<Long, Float> storedEdges() {
        try (Kernels kernels = Kernels.cpu();
                Workers workers = new Workers(1);
                CorrelationGraph graph = GraphFile.read(edges, kernels, workers, Long.MAX_VALUE)) {
            assertThat(graph.neurons()).isEqualTo(NEURONS);
            return TestGraphs.edges(graph);
        }
    }

    @Test
    void everyFormOfALayerGivesTheSameFile() throws IOException {
        byte[] expected = graph(layerFile());
        assertThat(storedEdges().keySet())
                .hasSizeGreaterThan(100)
                .isEqualTo(new CorrelationOracle(layer, Metric.PEARSON)
                        .edges(0.6, Sign.SIGNED)
                        .longs());
        Path neuronsFirst = npy("neurons.npy", layer, ElementType.F32);
        assertThat(graph(neuronsFirst, "--layout", "neurons-first")).isEqualTo(expected);
        assertThat(graph(npy("half.npy", samples(0, SAMPLES), ElementType.F16))).isEqualTo(expected);
        assertThat(graph(npy("double.npy", samples(0, SAMPLES), ElementType.F64)))
                .isEqualTo(expected);
        assertThat(graph(npy("double.npy", layer, ElementType.F64), "--layout", "neurons-first"))
                .isEqualTo(expected);
        assertThat(graph(fortran(neuronsFirst))).isEqualTo(expected);
    }

    /** The neurons-first file as NumPy would write its transpose without copying. */
    private Path fortran(Path neuronsFirst) throws IOException {
        String text = Files.readString(neuronsFirst, StandardCharsets.ISO_8859_1);
        String header = text.replaceFirst("False, 'shape': \\(67, 101\\), }", "True, 'shape': (101, 67), } ");
        return Files.writeString(folder.resolve("fortran.npy"), header, StandardCharsets.ISO_8859_1);
    }

    @Test
    void shardsGiveTheSameFileAsOne() throws IOException {
        byte[] expected = graph(layerFile());
        Path first = npy("first.npy", samples(0, 40), ElementType.F32);
        Path second = npy("second.npy", samples(40, 41), ElementType.F32);
        String third = safetensors("third.safetensors", samples(41, SAMPLES), ElementType.F32) + ":blocks.0.mlp";
        assertThat(graph(first, second, third)).isEqualTo(expected);
        Path left = npy("left.npy", LayerFiles.transposed(samples(0, 40)), ElementType.F32);
        Path right = npy("right.npy", LayerFiles.transposed(samples(40, SAMPLES)), ElementType.F32);
        assertThat(graph(left, right, "--layout", "neurons-first")).isEqualTo(expected);
    }

    @Test
    void readsTensors() throws IOException {
        byte[] expected = graph(layerFile());
        for (ElementType type : List.of(ElementType.F16, ElementType.BF16, ElementType.F32, ElementType.F64)) {
            Path file = safetensors("layer.safetensors", samples(0, SAMPLES), type);
            assertThat(graph(file + ":blocks.0.mlp")).isEqualTo(expected);
            assertThat(graph(file)).isEqualTo(expected);
        }
    }

    private Path safetensors(String name, double[][] rows, ElementType type) {
        Path file = folder.resolve(name);
        try (Matrix matrix = Matrices.of(rows, type);
                Matrix bias = Matrix.of(new float[][] {{1, 2, 3}})) {
            List<Tensor> tensors = List.of(Tensor.matrix("blocks.0.mlp", matrix), Tensor.vector("bias", bias));
            SafetensorsWriter.write(file, tensors, Map.of());
        }
        return file;
    }

    @Test
    void theNumberOfThreadsDoesNotMatter() throws IOException {
        Path file = layerFile();
        assertThat(graph(file, "--threads", 1)).isEqualTo(graph(file, "--threads", 2));
    }

    @ParameterizedTest
    @CsvSource({
        "PEARSON, SIGNED, 0.6",
        "PEARSON, ABSOLUTE, 0.4",
        "COSINE, SIGNED, 0.8",
        "SPEARMAN, ABSOLUTE, 0.5",
        "PEARSON, SIGNED, -0.2"
    })
    void findsWhatTheOracleFinds(Metric metric, Sign sign, String threshold) {
        List<Object> arguments = new ArrayList<>(List.of(layerFile(), "--threshold", threshold, "--metric", metric));
        if (sign == Sign.ABSOLUTE) {
            arguments.add("--abs");
        }
        correlate(arguments.toArray()).exits(0);
        CorrelationOracle oracle = new CorrelationOracle(layer, metric);
        Map<Long, Float> stored = storedEdges();
        assertThat(stored.keySet())
                .isNotEmpty()
                .isEqualTo(oracle.edges(Double.parseDouble(threshold), sign).longs());
        stored.forEach((pair, value) -> assertThat((double) value)
                .isCloseTo(oracle.correlation((int) (pair >> 32), pair.intValue()), within(1e-6)));
    }

    @Test
    void theUpperTriangleHoldsEachEdgeOnce() {
        correlate(layerFile(), "--threshold", "0.6").exits(0);
        Map<Long, Float> full = storedEdges();
        JsonNode json = correlate(layerFile(), "--threshold", "0.6", "--triangle", "upper", "--json")
                .exits(0)
                .json();
        assertThat(json.get("triangle").asText()).isEqualTo("upper");
        assertThat(json.get("edges").asInt()).isEqualTo(full.size());
        assertThat(NpzFile.open(edges).array("data").count()).isEqualTo(full.size());
        assertThat(storedEdges()).isEqualTo(full);
    }

    @Test
    void theSummaryIsPrintedAndKeptBesideTheGraph() throws IOException {
        Path file = layerFile();
        Run run =
                correlate(file, "--threshold", "0.6", "--threads", 1, "--json").exits(0);
        JsonNode json = run.json();
        assertThat(json.fieldNames())
                .toIterable()
                .contains("schema", "neurons", "samples", "constant", "dropped", "edges", "threshold", "seconds")
                .contains("peakAnonymousBytes", "device", "tier", "plan", "input", "layout", "metric", "abs");
        assertThat(json.get("neurons").asInt()).isEqualTo(NEURONS);
        assertThat(json.get("samples").asInt()).isEqualTo(SAMPLES);
        assertThat(json.get("constant").asInt()).isEqualTo(2);
        assertThat(json.get("neverActive").asInt()).isEqualTo(1);
        assertThat(json.get("dropped").asInt()).isZero();
        assertThat(json.get("threshold").asDouble()).isEqualTo(0.6);
        assertThat(json.get("edges").asInt()).isEqualTo(storedEdges().size());
        assertThat(json.get("pairs").asInt()).isEqualTo(65 * 64 / 2);
        assertThat(json.get("device").asText()).isEqualTo("cpu");
        assertThat(json.get("threads").asInt()).isEqualTo(1);
        assertThat(json.get("peakAnonymousBytes").asLong()).isPositive();
        assertThat(json.get("seconds").fieldNames())
                .toIterable()
                .containsExactly("read", "standardise", "correlate", "graph", "write");
        assertThat(Run.parse(Files.readString(folder.resolve("edges.json")))).isEqualTo(json);
    }

    @Test
    void theTableOfNeuronsHasOneRowEach() throws IOException {
        layer[9][17] = Double.NaN;
        Path table = folder.resolve("neurons.csv");
        correlate(layerFile(), "--threshold", "0.6", "--neurons", table, "--drop-nonfinite")
                .exits(0);
        List<String> lines = Files.readAllLines(table);
        assertThat(lines).hasSize(NEURONS + 1);
        assertThat(lines.get(0)).isEqualTo("index,state,mean,std,degree,best_partner,best_r,cluster,representative");
        assertThat(lines.get(1 + 5)).isEqualTo("5,never-active,0.0,0.0,0,,,,");
        assertThat(lines.get(1 + 66)).isEqualTo("66,constant,2.5,0.0,0,,,,");
        assertThat(lines.get(1 + 9)).isEqualTo("9,non-finite,,,0,,,,");
        Map<Long, Float> stored = storedEdges();
        for (int neuron = 0; neuron < NEURONS; neuron++) {
            String[] fields = lines.get(1 + neuron).split(",", -1);
            assertThat(fields).hasSize(9);
            assertThat(fields[0]).isEqualTo(String.valueOf(neuron));
            assertRow(fields, neuron, stored);
        }
    }

    private void assertRow(String[] fields, int neuron, Map<Long, Float> stored) {
        if (fields[1].equals("varying")) {
            double mean = Arrays.stream(layer[neuron]).average().orElseThrow();
            double variance = Arrays.stream(layer[neuron])
                    .map(x -> (x - mean) * (x - mean))
                    .average()
                    .orElseThrow();
            assertThat(Double.parseDouble(fields[2])).isCloseTo(mean, within(1e-12));
            assertThat(Double.parseDouble(fields[3])).isCloseTo(Math.sqrt(variance), within(1e-12));
        }
        List<Long> own = stored.keySet().stream()
                .filter(pair -> pair >> 32 == neuron || pair.intValue() == neuron)
                .toList();
        assertThat(fields[4]).isEqualTo(String.valueOf(own.size()));
        if (!own.isEmpty()) {
            float best = own.stream().map(stored::get).max(Float::compare).orElseThrow();
            assertThat(stored).containsEntry(TestGraphs.pair(neuron, Integer.parseInt(fields[5])), best);
            assertThat(Float.parseFloat(fields[6])).isEqualTo(best);
        }
    }

    @Test
    void nonFiniteNeuronsAreDroppedOnDemandAndKeepTheirIndex() {
        layer[9][17] = Double.NaN;
        layer[10][3] = Double.POSITIVE_INFINITY;
        JsonNode json = correlate(layerFile(), "--threshold", "0.6", "--drop-nonfinite", "--json")
                .exits(0)
                .json();
        assertThat(json.get("dropped").asInt()).isEqualTo(2);
        assertThat(json.get("constant").asInt()).isEqualTo(2);
        assertThat(json.get("neurons").asInt()).isEqualTo(NEURONS);
        Arrays.fill(layer[9], 0); // no edges either, in the eyes of the oracle
        Arrays.fill(layer[10], 0);
        assertThat(storedEdges().keySet())
                .isEqualTo(new CorrelationOracle(layer, Metric.PEARSON)
                        .edges(0.6, Sign.SIGNED)
                        .longs());
    }

    @Test
    void aLayerOfConstantNeuronsHasNoEdges() {
        for (double[] neuron : layer) {
            Arrays.fill(neuron, 1.5);
        }
        JsonNode json =
                correlate(layerFile(), "--threshold", "-1", "--json").exits(0).json();
        assertThat(json.get("constant").asInt()).isEqualTo(NEURONS);
        assertThat(storedEdges()).isEmpty();
    }

    @Test
    void anEarlierResultIsReplaced() throws IOException {
        byte[] expected = graph(layerFile());
        Files.writeString(edges, "an earlier one");
        correlate(layerFile(), "--threshold", "0.6").exits(0);
        assertThat(edges).hasBinaryContent(expected);
    }
}
