package dev.morula.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Writes the pages of unusual runs to target/sample-reports, where a person can look at them. */
class SamplePagesTest {
    private static final Path FOLDER = Path.of("target", "sample-reports");

    @BeforeAll
    static void makeFolder() throws IOException {
        Files.createDirectories(FOLDER);
    }

    static Stream<Arguments> runs() {
        int[] many = new int[50_000];
        Arrays.setAll(many, rank -> Math.max(2, (int) (20_000 / Math.pow(rank + 1, 0.9))));
        return Stream.of(
                Arguments.of("full", SampleReports.full(), "212 clusters"),
                Arguments.of("many-clusters", clustered(1_048_576, 380_000_000L, many), "50,000 clusters"),
                Arguments.of("one-giant", clustered(4096, 8_000_000, 4001), "1 cluster"),
                Arguments.of("no-clusters", clustered(4096, 0), "no two correlate"),
                Arguments.of("one-neuron", oneNeuron(), "single neuron"),
                Arguments.of("long-names", longNames(), "gets 2.13% of the test samples"),
                Arguments.of("empty", RunReport.builder("empty").build(), "No layer"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("runs")
    void writesAPage(String name, RunReport report, String summary) throws IOException {
        Path page = FOLDER.resolve(name + ".html");
        ReportWriter.write(report, page);
        assertThat(Files.readString(page)).contains(summary).endsWith("</html>\n");
        assertThat(Files.size(page)).isLessThan(3_000_000);
    }

    private static RunReport clustered(int neurons, long edges, int... sizes) {
        int perBlock = Math.max(1, neurons / 1024);
        return RunReport.builder(neurons + " neurons from layer.npy")
                .headline(new Headline(
                        new Headline.Layer(neurons, 10_000, 0, 0),
                        new Headline.Graph(SampleReports.THRESHOLD, edges),
                        new Headline.Clusters("cover", sizes),
                        null))
                .histogram(SampleReports.sampledHistogram(2000))
                .matrix(SampleReports.matrix(sizes, neurons, perBlock))
                .largestClusters(SampleReports.largest(sizes))
                .build();
    }

    private static RunReport oneNeuron() {
        return RunReport.builder("a layer of one neuron")
                .headline(new Headline(
                        new Headline.Layer(1, 2, 0, 0),
                        new Headline.Graph(0.9, 0),
                        new Headline.Clusters("cover", new int[0]),
                        new Headline.Errors(0.5, Double.NaN)))
                .training(SampleReports.training(1))
                .histogram(HistogramFigure.exact(SampleReports.edges(20), new long[20], 0.9))
                .matrix(new MatrixFigure(1, new float[] {1}, 1, 1))
                .seconds(Map.of("correlate", 0.0))
                .build();
    }

    private static RunReport longNames() {
        String path = "/data/" + "a-very-long-folder-name/".repeat(12) + "activations.safetensors:model.layers.17.mlp";
        RunReport full = SampleReports.full();
        return RunReport.builder(path)
                .settings(List.of(SampleReports.group(path, path, path, "short", "<b>value</b>")))
                .headline(full.headline())
                .training(SampleReports.training(20_000))
                .largestClusters(full.largestClusters())
                .seconds(Map.of(path, 12.0))
                .build();
    }
}
