package dev.morula.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TextSummaryTest {
    @Test
    void numbersAreAlignedOnTheRight() {
        Headline headline = new Headline(
                new Headline.Layer(4096, 10_000, 91, 85),
                new Headline.Graph(0.9, 123_456),
                new Headline.Clusters("cover", new int[] {2, 812, 40, 2, 3, 7}),
                new Headline.Errors(0, 0.0213));
        assertThat(TextSummary.of(headline, Map.of("correlate", 2.31))).isEqualTo("""
                Neurons                4,096  10,000 samples
                Never active              85  2.08% of neurons
                Constant, not 0            6  0.15% of neurons
                Edges                123,456  threshold 0.9
                Clusters                   6  method cover
                Neurons in clusters      866  21.1% of neurons
                Copies                   860  21.0% of neurons
                Largest cluster          812  19.8% of neurons
                Test error             2.13%
                Train error               0%
                Cluster sizes                 812 40 7 3 2 ...
                Time: correlate       2.31 s
                """);
    }

    @Test
    void nothingKnownIsNothingSaid() {
        assertThat(TextSummary.of(Headline.NONE, Map.of())).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"0, 0%", "1, 100%", "0.9999, over 99.9%", "0.00074, 0.074%", "0.0213, 2.13%", "1e-8, under 0.0001%"})
    void aPercentageIsExactOnlyAtItsEnds(double fraction, String text) {
        assertThat(Numbers.percent(fraction)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({"0.04, 0.04 s", "12.34, 12.3 s", "200, 3 min 20 s", "7500, 2 h 05 min"})
    void secondsAreReadable(double seconds, String text) {
        assertThat(Numbers.seconds(seconds)).isEqualTo(text);
    }
}
