package dev.morula.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What the page promises beyond its looks: it loads nothing, believes no name, leaves out what it lacks, stays small. */
class ReportPageTest {
    private static final String ATTACK = "</script><script>alert('x')</script><!-- ${data} & \"quotes\"";
    private static final int BESIDE_THE_LIBRARIES = 2_000_000;

    @Test
    void loadsNothingFromElsewhere() {
        String markup = withoutScripts(ReportPage.html(SampleReports.full()));
        assertThat(markup).contains("default-src 'none'");
        Matcher address =
                Pattern.compile("(?:src|href|action|data)\\s*=\\s*\"([^\"]*)\"").matcher(markup);
        assertThat(address.results().map(found -> found.group(1))).isNotEmpty().allMatch(a -> a.startsWith("data:"));
        assertThat(markup).doesNotContain("@import").doesNotContain("url(").doesNotContain("<link");
    }

    @Test
    void scriptsEndWhereTheTemplateEndsThem() {
        String page = ReportPage.html(SampleReports.full());
        assertThat(page.split("</script", -1)).hasSize(6);
        assertThat(page).doesNotContain("sourceMappingURL");
    }

    @Test
    void namesFromOutsideAreTextAndNothingElse() {
        RunReport report = RunReport.builder(ATTACK)
                .settings(List.of(SampleReports.group(ATTACK, ATTACK, ATTACK)))
                .headline(new Headline(null, null, new Headline.Clusters(ATTACK, new int[] {3, 2}), null))
                .histogram(HistogramFigure.sampled(new double[] {-1, 1}, new long[] {5}, 0.9, ATTACK))
                .seconds(Map.of(ATTACK, 1.0))
                .build();
        String page = ReportPage.html(report);
        assertThat(page).doesNotContain("<script>alert").doesNotContain("<!-- ${data}");
        assertThat(page.split("</script", -1)).hasSize(6);
        assertThat(page)
                .contains("&lt;/script&gt;&lt;script&gt;alert(&#39;x&#39;)", "${data} &amp; &quot;quotes&quot;");
    }

    @Test
    void jsonInAScriptCannotEndIt() throws Exception {
        String json = Html.scriptJson(new ObjectMapper().writeValueAsString(ATTACK));
        assertThat(json).doesNotContain("<");
        assertThat(new ObjectMapper().readTree(json).textValue()).isEqualTo(ATTACK);
    }

    @Test
    void aLibraryThatEndsItsOwnScriptIsRefused() {
        assertThatIllegalStateException().isThrownBy(() -> Html.scriptLibrary("var s = '</script>';"));
    }

    @Test
    void whatWasNotMeasuredIsNull() throws Exception {
        TrainingCurves.Epoch nothing =
                new TrainingCurves.Epoch(1, Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, 0.05);
        RunReport report = RunReport.builder("diverged")
                .training(new TrainingCurves(List.of(nothing)))
                .histogram(HistogramFigure.exact(new double[] {-1, 0, 1}, new long[] {1, 2}, Double.NaN))
                .build();
        JsonNode data = data(ReportPage.html(report));
        JsonNode epoch = data.get("training").get(0);
        assertThat(epoch.get("trainLoss").isNull()).isTrue();
        assertThat(epoch.get("trainError").isNull()).isTrue();
        assertThat(epoch.get("testError").isNull()).isTrue();
        assertThat(epoch.get("learningRate").doubleValue()).isEqualTo(0.05);
        assertThat(data.get("threshold").isNull()).isTrue();
    }

    @Test
    void aFullRunLacksNothing() throws Exception {
        String page = ReportPage.html(SampleReports.full());
        assertThat(page).doesNotContain("Not in this report");
        assertThat(data(page).fieldNames())
                .toIterable()
                .containsExactly("training", "clusterSizes", "histogram", "threshold", "neurons", "neuronsPerBlock");
    }

    @Test
    void missingSectionsAreLeftOutAndNameTheirCommand() throws Exception {
        String page = ReportPage.html(RunReport.builder("nothing").build());
        assertThat(data(page)).isEmpty();
        assertThat(page)
                .doesNotContain("id=\"matrix\"")
                .doesNotContain("id=\"histogram\"")
                .doesNotContain("NaN%");
        assertThat(page)
                .contains("Not in this report", "<code>morula train</code>", "<code>morula correlate</code>")
                .contains("<code>morula cluster</code>", "<code>morula report</code>");
    }

    @Test
    void theLargestInputsMakeAPageOfBoundedSize() {
        int[] sizes = new int[500_000];
        Arrays.setAll(sizes, rank -> Math.max(2, 1400 - rank));
        float[] noise = new float[MatrixFigure.LARGEST_SIDE * MatrixFigure.LARGEST_SIDE];
        Random random = new Random(4);
        for (int block = 0; block < noise.length; block++) {
            noise[block] = 2 * random.nextFloat() - 1;
        }
        RunReport report = RunReport.builder("large")
                .headline(new Headline(null, null, new Headline.Clusters("cover", sizes), null))
                .training(SampleReports.training(100_000))
                .histogram(SampleReports.sampledHistogram(100_000))
                .matrix(new MatrixFigure(MatrixFigure.LARGEST_SIDE, noise, 1 << 20, 1024))
                .build();
        int libraries = ReportPage.html(RunReport.builder("nothing").build()).length();
        assertThat(ReportPage.html(report).length() - libraries).isLessThan(BESIDE_THE_LIBRARIES);
    }

    private static JsonNode data(String page) throws Exception {
        Matcher block = Pattern.compile("id=\"report-data\">(.*?)</script>", Pattern.DOTALL)
                .matcher(page);
        assertThat(block.find()).isTrue();
        return new ObjectMapper().readTree(block.group(1));
    }

    private static String withoutScripts(String page) {
        return page.replaceAll("(?s)<script.*?</script>", "").replaceAll("(?s)<pre>.*?</pre>", "");
    }
}
