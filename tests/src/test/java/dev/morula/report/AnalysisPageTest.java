package dev.morula.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.morula.cluster.Dendrogram;
import dev.morula.redundancy.Analysis;
import dev.morula.redundancy.Analysis.ChunkAnalysis;
import dev.morula.redundancy.SweepSummary;
import dev.morula.redundancy.SweepSummary.Group;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The pages of analyses and sweeps: what they show, the CSV files beside them, and what they leave out. */
class AnalysisPageTest {
    private static final int BESIDE_THE_LIBRARIES = 500_000;

    @TempDir
    private Path folder;

    static Stream<FigurePage> pages() {
        return Stream.of(
                full(),
                page(SampleAnalyses.withoutClones()),
                page(SampleAnalyses.nothingDefined()),
                page(new Analysis(0, null, null, null, null, null)),
                page(SampleSweeps.redundancy()),
                page(SampleSweeps.large()),
                page(SampleSweeps.depth()),
                page(SampleSweeps.oneWidth()),
                page(SampleSweeps.twoVariants()),
                page(SampleSweeps.single()),
                page(new SweepSummary(null, null, 0, 0, null, null, null, null)));
    }

    private static FigurePage full() {
        return new AnalysisReport(
                        "pmnist:512",
                        SampleAnalyses.full(),
                        SampleAnalyses.dendrogram(90, 6),
                        SampleAnalyses.clones(32))
                .page();
    }

    private static FigurePage page(Analysis analysis) {
        return new AnalysisReport("sample", analysis, null, null).page();
    }

    private static FigurePage page(SweepSummary summary) {
        return new SweepReport("sample", summary).page();
    }

    @ParameterizedTest
    @MethodSource("pages")
    void whatIsNotThereIsNoNumber(FigurePage page) {
        String text = withoutLibraries(page.html());
        assertThat(text).doesNotContain("NaN", "null", "Infinity", "${");
        for (Block block : blocks(page)) {
            assertThat(block.table().csv()).as(block.name()).doesNotContain("NaN", "null", "Infinity");
        }
    }

    @ParameterizedTest
    @MethodSource("pages")
    void onlyItsOwnFilesAreLinked(FigurePage page) throws IOException {
        page.write(folder);
        String markup = withoutLibraries(page.html());
        assertThat(markup).contains("default-src 'none'").doesNotContain("@import", "url(", "<link");
        assertThat(find(markup, "(?:src|href|action)\\s*=\\s*\"([^\"]*)\""))
                .allSatisfy(address -> assertThat(folder.resolve(address)).isRegularFile());
        assertThat(filesIn(folder.resolve("figures")))
                .isEqualTo(new TreeSet<>(
                        names(page).stream().map(name -> name + ".csv").toList()));
        assertThat(page.html().split("</script", -1)).hasSize(6);
    }

    @ParameterizedTest
    @MethodSource("pages")
    void everyChartHasAPlaceATitleAndADescription(FigurePage page) throws IOException {
        String html = page.html();
        List<String> ids = find(html, " id=\"([^\"]*)\"");
        assertThat(ids).doesNotHaveDuplicates();
        for (String references : find(html, "aria-(?:labelledby|describedby)=\"([^\"]*)\"")) {
            assertThat(ids).contains(references.split(" "));
        }
        for (JsonNode chart : data(page).get("charts")) {
            int panels = chart.get("panels").size();
            String place = chart.get("name").asText() + (panels == 0 ? "" : "-" + (panels - 1));
            assertThat(html).contains("<div class=\"chart\" id=\"" + place + "\"");
        }
    }

    @Test
    void aFullAnalysisShowsEverything() {
        assertThat(names(full()))
                .containsExactly(
                        "chunk-errors",
                        "chunk-fits",
                        "chunk-epochs",
                        "clone-accuracy",
                        "clones",
                        "dendrogram",
                        "ablation",
                        "similar-units",
                        "class-centres",
                        "class-variation",
                        "effective-depth",
                        "neural-collapse",
                        "layers");
        assertThat(withoutLibraries(full().html()))
                .contains("Not in this report", "Ablation: &lt;none&gt; of layer 9") // its notes alone
                .doesNotContain("adds it", "adds them", "keeps the weights");
    }

    @Test
    void theTableOfAChartIsTheInput() {
        List<ChunkAnalysis> chunks = SampleAnalyses.chunks(512, 16);
        List<String> lines = csv(full(), "chunk-fits");
        assertThat(lines.get(0)).startsWith("size,r2,r2StdError,residualCorrelation,");
        assertThat(lines).hasSize(chunks.size() + 1);
        for (int k = 0; k < chunks.size(); k++) {
            String[] fields = lines.get(k + 1).split(",", -1);
            assertThat(Integer.parseInt(fields[0])).isEqualTo(chunks.get(k).size());
            assertThat(Double.parseDouble(fields[1])).isEqualTo(chunks.get(k).r2());
            Double residual = chunks.get(k).residualCorrelation();
            assertThat(fields[3]).isEqualTo(residual == null ? "" : residual.toString());
        }
    }

    @Test
    void aChartDrawsTheRowsOfItsFile() throws IOException {
        JsonNode chart = chart(page(SampleSweeps.redundancy()), "chunk-law");
        List<String> lines = csv(page(SampleSweeps.redundancy()), "chunk-law");
        assertThat(chart.get("rows")).hasSize(lines.size() - 1);
        String[] columns = lines.get(0).split(",");
        for (int k = 0; k < columns.length; k++) {
            String drawn = chart.get("rows").get(7).path(columns[k]).asText();
            assertThat(lines.get(8).split(",", -1)[k]).isEqualTo(drawn);
        }
    }

    @Test
    void theChunkLawIsAboveTheErrorOfTheEnsemble() throws IOException {
        JsonNode chart = chart(page(SampleSweeps.redundancy()), "chunk-law");
        Group widest = SampleSweeps.redundancy().groups().get(4);
        JsonNode last = row(chart, widest.width());
        double error = widest.sizes().get(widest.sizes().size() - 1).testError().mean();
        assertThat(last.get("excess").doubleValue()).isEqualTo(error - widest.errInf());
        assertThat(last.get("errInfFrom").asText()).isEqualTo("ensemble");
        JsonNode band = chart.get("plot").get("guides").get(0);
        assertThat(band.get("x").doubleValue()).isEqualTo(widest.criticalWidth().low());
        assertThat(band.get("x2").doubleValue())
                .isEqualTo(widest.criticalWidth().high());
        JsonNode line = chart.get("plot").get("guides").get(1);
        double slope = Math.log(line.get("y2").asDouble() / line.get("y").asDouble())
                / Math.log(line.get("x2").asDouble() / line.get("x").asDouble());
        assertThat(slope).isCloseTo(-0.5, offset(1e-12));
    }

    private static JsonNode row(JsonNode chart, int width) {
        for (JsonNode row : chart.get("rows")) {
            if (row.get("width").asInt() == width && row.get("size").asInt() == width) {
                return row;
            }
        }
        throw new AssertionError("no row of width " + width);
    }

    @Test
    void clonesGrowAlongTheLineOfLeastSquares() throws IOException {
        JsonNode rows =
                chart(page(SampleSweeps.redundancy()), "clones-by-width").get("rows");
        assertThat(rows).hasSize(10);
        for (JsonNode row : rows) {
            boolean clones = row.get("variant").asText().equals("weight decay 0.002")
                    && row.get("width").asInt() > 32;
            assertThat(row.has("clones")).isEqualTo(clones);
            if (clones) { // planted: W / 16
                assertThat(row.get("linearFit").asDouble())
                        .isCloseTo(row.get("width").asDouble() / 16, offset(1e-9));
            }
        }
    }

    @Test
    void oneVariantPerPanelAndNeverMoreThanTwelve() throws IOException {
        FigurePage page = page(SampleSweeps.large());
        assertThat(chart(page, "chunk-train-error").get("panels")).hasSize(4);
        JsonNode fits = chart(page, "chunk-fits");
        assertThat(fits.get("panels")).hasSize(12);
        assertThat(fits.get("panels").get(0).asText()).startsWith("W = 2,048, ");
        assertThat(csv(page, "chunk-fits")).anyMatch(line -> line.startsWith("\"W = 4, "));
    }

    @Test
    void settingsThatTellNothingApartAreNotNamed() {
        List<Group> groups = new ArrayList<>();
        for (String decay : List.of("0.002", "0")) {
            for (int width : new int[] {64, 512}) {
                groups.add(SampleSweeps.chunked(
                        width,
                        16,
                        true,
                        SampleSweeps.settings(
                                "width", width, "weightDecay", decay, "net", "pmnist:" + width, "epochs", width)));
            }
        }
        SweptGroups swept = new SweptGroups(new SweepSummary("pmnist:W", "d", 1, 1, groups, List.of(), null, null));
        assertThat(swept.variants(SweptGroups.WIDTH)).containsExactly("weight decay 0.002", "weight decay 0");
    }

    @Test
    void shapesThatWereNotSeenComeFirst() {
        FigurePage page = page(SampleSweeps.redundancy());
        assertThat(csv(page, "shapes").stream()
                        .skip(1)
                        .map(line -> line.replaceAll(".*,(not seen|not measured|seen),.*", "$1")))
                .containsExactly("not seen", "seen", "not measured");
        assertThat(page.html())
                .contains("<td class=\"unseen\">not seen</td>")
                .contains("<li>Whether Random labels lower the AUC: no group of this sweep has random labels.</li>")
                .doesNotContain("<td>Random labels");
    }

    @Test
    void variantsHaveTheirNames() {
        FigurePage page = page(SampleSweeps.variants());
        assertThat(page.summary())
                .startsWith("Baseline: W = 128 holds about 8 clones; chunks of")
                .contains("Stopped: no width holds clones.");
        assertThat(page.html())
                .doesNotContain("goal loss-at-most-0.04, ")
                .contains("By name, baseline: goal schedule-done; stopped: goal loss-at-most-0.04.");
        assertThat(csv(page, "groups").get(1)).startsWith("\"W = 64, baseline\",64,");
        assertThat(csv(page, "chunk-law").get(1)).startsWith("baseline,64,");
    }

    @Test
    void growthWithTheWidthAndTheBoundHaveTables() {
        FigurePage page = page(SampleSweeps.growing());
        assertThat(csv(page, "growth"))
                .containsExactly(
                        "variant,layer,growthPerDoubling",
                        "init he,mean,2.25",
                        "init he,1,2.5",
                        "init he,2,",
                        "init glorot,mean,");
        assertThat(page.html())
                .contains("Twice the width has 2.25 times as many compressible directions")
                .contains(
                        "<td>init he</td><td>16, 32, 64</td><td>2.25</td>",
                        "<td>init glorot</td><td>16</td><td>none</td>")
                .contains("<td>depth 4</td><td>3%</td><td>2.5</td><td>none</td><td>0</td><td>0.2</td><td>0.2</td>");
        assertThat(csv(page, "depth-bound").get(1)).isEqualTo("depth 4,0.03,2.5,,1,0.2,0,0,0.2,0.2,not computed");
    }

    /** Beside layers "1" and "3" the sample has a projection of a shortcut, "2", and "last", which is "3" again. */
    @Test
    void depthCountsTheLayersThatFollowOneAnother() {
        FigurePage page = page(SampleSweeps.residual());
        assertThat(csv(page, "class-centres").stream()
                        .skip(1)
                        .map(line -> line.split(",", -1)[2] + line.split(",", -1)[3]))
                .containsExactly("11", "23");
    }

    @Test
    void noiseIsComparedWhereNothingElseDiffers() {
        assertThat(names(page(SampleSweeps.depth()))).contains("effective-depth-noise");
        assertThat(names(page(SampleSweeps.noiseBesideSamples()))).doesNotContain("effective-depth-noise");
    }

    @Test
    void anErrorThatIsTheEnsemblesButForRoundingIsNotAboveIt() {
        assertThat(csv(page(SampleSweeps.variants()), "chunk-law").get(4)).startsWith("baseline,64,8,0,");
    }

    @Test
    void networksThatMissedTheirGoalAreListed() {
        FigurePage page = page(SampleSweeps.redundancy());
        assertThat(page.html()).contains("10 of 60 networks missed the goal of training");
        assertThat(csv(page, "networks")).hasSize(61);
    }

    @Test
    void figuresWithoutDataAreLeftOutAndSaySo() {
        FigurePage page = page(SampleSweeps.single());
        assertThat(names(page)).containsExactly("groups");
        assertThat(page.html()).contains("Not in this report", "<code>morula study depth</code>");
    }

    @Test
    void aDendrogramIsCutToItsHighestBars() throws IOException {
        Dendrogram tree = SampleAnalyses.dendrogram(90, 6);
        JsonNode rows = chart(full(), "dendrogram").get("rows");
        Set<Integer> parents = new TreeSet<>();
        rows.forEach(row -> parents.add(row.path("parent").asInt(-1)));
        int ends = 0;
        int neurons = 0;
        double lowestBar = 1;
        double highestEnd = 0;
        for (JsonNode row : rows) {
            if (parents.contains(row.get("node").asInt())) {
                lowestBar = Math.min(lowestBar, row.get("height").asDouble());
            } else {
                ends++;
                neurons += row.get("neurons").asInt();
                highestEnd = Math.max(highestEnd, row.get("height").asDouble());
            }
        }
        assertThat(ends).isEqualTo(DendrogramChart.MOST);
        assertThat(neurons).isEqualTo(tree.neurons());
        assertThat(highestEnd).isLessThanOrEqualTo(lowestBar);
    }

    @Test
    void ofManyTreesTheLargestAreDrawn() {
        Chart chart = DendrogramChart.of(SampleAnalyses.dendrogram(7 * 300, 2));
        assertThat(chart.how())
                .contains("only the 200 largest of 300 trees are shown, which hold 2,800 of 4,200 neurons");
        assertThat(chart.table().distinct("node")).hasSize(200);
    }

    @Test
    void neuronsThatJoinNobodyAreNotDrawn() {
        Chart chart = DendrogramChart.of(new Dendrogram(
                new int[] {0, 1, 4, 5}, new int[] {3, 2, 6, 7}, new double[] {0.25, 1, 1, 1}, new int[] {2, 2, 3, 5}));
        assertThat(chart.how()).contains("3 neurons without a partner are left out");
        assertThat(chart.table().csv())
                .isEqualTo("node,parent,position,height,neurons\n5,,0.5,0.25,2\n0,5,0,0,1\n3,5,1,0,1\n");
        assertThat(DendrogramChart.of(new Dendrogram(new int[] {0}, new int[] {1}, new double[] {1}, new int[] {2})))
                .isNull();
        assertThat(DendrogramChart.of(new Dendrogram(new int[0], new int[0], new double[0], new int[0])))
                .isNull();
    }

    @Test
    void fieldsOfCsvAreQuotedWhereTheyMustBe() {
        DataTable table =
                DataTable.of("a", "b", "c").add("x,y", "say \"x\"", 1e-7).add(null, "line\nbreak", Double.NaN);
        assertThat(table.csv()).isEqualTo("a,b,c\n\"x,y\",\"say \"\"x\"\"\",1.0E-7\n,\"line\nbreak\",\n");
    }

    @Test
    void theLargestSweepMakesAPageOfBoundedSize() {
        int libraries = page(SampleSweeps.single()).html().length();
        assertThat(page(SampleSweeps.large()).html().length() - libraries).isLessThan(BESIDE_THE_LIBRARIES);
    }

    private static List<Block> blocks(FigurePage page) {
        return page.parts().stream().flatMap(part -> part.blocks().stream()).toList();
    }

    private static List<String> names(FigurePage page) {
        return blocks(page).stream().map(Block::name).toList();
    }

    private static List<String> csv(FigurePage page, String name) {
        return blocks(page).stream()
                .filter(block -> block.name().equals(name))
                .flatMap(block -> block.table().csv().lines())
                .toList();
    }

    private static JsonNode chart(FigurePage page, String name) throws IOException {
        for (JsonNode chart : data(page).get("charts")) {
            if (chart.get("name").asText().equals(name)) {
                return chart;
            }
        }
        throw new AssertionError("no chart " + name);
    }

    private static JsonNode data(FigurePage page) throws IOException {
        String json = find(page.html(), "(?s)id=\"report-data\">(.*?)</script>").get(0);
        return new ObjectMapper().readTree(json);
    }

    private static List<String> find(String text, String pattern) {
        return Pattern.compile(pattern)
                .matcher(text)
                .results()
                .map(found -> found.group(1))
                .toList();
    }

    /** The page without chart code, where such words are code. */
    private static String withoutLibraries(String page) {
        return page.replaceAll("(?s)<script>.*?</script>", "").replaceAll("(?s)<pre>.*?</pre>", "");
    }

    private static Set<String> filesIn(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return new TreeSet<>(
                    files.map(file -> file.getFileName().toString()).toList());
        }
    }
}
