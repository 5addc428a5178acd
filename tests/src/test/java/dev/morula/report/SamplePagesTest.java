package dev.morula.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.morula.redundancy.Analysis;
import dev.morula.redundancy.SweepSummary;
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

    static Stream<Arguments> analyses() {
        return Stream.of(
                Arguments.of(
                        "full", SampleAnalyses.full(), "W = 512 holds about 33 clones: chunks of 16 random neurons"),
                Arguments.of("without-clones", SampleAnalyses.withoutClones(), "gets 12.3% of the train set wrong"),
                Arguments.of("nothing-defined", SampleAnalyses.nothingDefined(), "Without chunks there is nothing"),
                Arguments.of("empty", new Analysis(0, null, null, null, null, null), "No layer of this network"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("analyses")
    void writesThePageOfAnAnalysis(String name, Analysis analysis, String summary) throws IOException {
        Path folder = Files.createDirectories(FOLDER.resolve("analysis-" + name));
        boolean full = name.equals("full");
        Path page = new AnalysisReport(
                        "pmnist:512 on mnist-mini",
                        analysis,
                        full ? SampleAnalyses.dendrogram(90, 6) : null,
                        full ? SampleAnalyses.clones(32) : null)
                .write(folder);
        assertThat(Files.readString(page)).contains(summary).endsWith("</html>\n");
    }

    static Stream<Arguments> sweeps() {
        return Stream.of(
                Arguments.of("redundancy", SampleSweeps.redundancy(), "W = 512 holds about 32 clones"),
                Arguments.of("large", SampleSweeps.large(), "Of 48 groups of networks, 8 hold clones."),
                Arguments.of("depth", SampleSweeps.depth(), "The effective depth is 4.5 at L = 6 and 4.5 at L = 12"),
                Arguments.of("one-width", SampleSweeps.oneWidth(), "W = 64 holds about 4 clones"),
                Arguments.of("two-variants", SampleSweeps.twoVariants(), "Weight decay &lt;0&gt;: W = 64 holds no"),
                Arguments.of("single", SampleSweeps.single(), "Networks that differ in their seed alone."),
                Arguments.of(
                        "empty",
                        new SweepSummary(null, null, 0, 0, null, null, null, null),
                        "No network of this sweep"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("sweeps")
    void writesThePageOfASweep(String name, SweepSummary summary, String sentence) throws IOException {
        Path folder = Files.createDirectories(FOLDER.resolve("sweep-" + name));
        Path page = SweepReport.write(summary, "pmnist:W on mnist-mini", folder);
        assertThat(Files.readString(page)).contains(sentence).endsWith("</html>\n");
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
