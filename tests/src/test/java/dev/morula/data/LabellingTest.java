package dev.morula.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.morula.network.Shape;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LabellingTest {
    private static final int SAMPLES = 50_000;
    private static final int CLASSES = 7;
    private static final DataSet DATA = data();

    private static DataSet data() {
        int[] labels = new int[SAMPLES];
        float[] numbers = new float[SAMPLES];
        for (int i = 0; i < SAMPLES; i++) {
            labels[i] = i * 31 % CLASSES;
            numbers[i] = i;
        }
        return new DataSet("some", Shape.features(1), CLASSES, new Values.Floats(numbers), labels);
    }

    @Test
    void leavesLabelsAsTheyAre() {
        assertThat(Labelling.AS_GIVEN.apply(DATA, Split.TRAIN).labels()).isEqualTo(DATA.labels());
    }

    @Test
    void tellsOddFromEven() {
        DataSet parity = Labelling.parse("parity").apply(DATA, Split.TEST);
        assertThat(parity.classes()).isEqualTo(2);
        for (int i = 0; i < SAMPLES; i++) {
            assertThat(parity.labels()[i]).isEqualTo(DATA.labels()[i] % 2);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "noise=0.1, 0.1, 7",
        "noise=0.5, 0.5, 7",
        "random, 1, 7",
        "'parity,noise=0.3', 0.3, 2",
        "'parity,random', 1, 2"
    })
    void replacesTheShareAskedForByAnyClass(String text, double noise, int classes) {
        DataSet noisy = Labelling.parse(text).apply(DATA, Split.TRAIN);
        assertThat(noisy.classes()).isEqualTo(classes);
        int[][] table = new int[classes][classes];
        for (int i = 0; i < SAMPLES; i++) {
            table[classes == 2 ? DATA.labels()[i] % 2 : DATA.labels()[i]][noisy.labels()[i]]++;
        }
        for (int from = 0; from < classes; from++) {
            double count = Arrays.stream(table[from]).sum();
            for (int to = 0; to < classes; to++) {
                double expected = noise / classes + (from == to ? 1 - noise : 0);
                double deviation = Math.sqrt(expected * (1 - expected) / count);
                assertThat(table[from][to] / count).isCloseTo(expected, within(5 * deviation));
            }
        }
    }

    @Test
    void noiseLeavesTheTestSplitAloneAndFollowsItsSeed() {
        Labelling noise = Labelling.parse("noise=0.4");
        assertThat(noise.apply(DATA, Split.TEST).labels()).isEqualTo(DATA.labels());
        assertThat(noise.apply(DATA, Split.TRAIN).labels())
                .isEqualTo(noise.apply(DATA, Split.TRAIN).labels());
        assertThat(noise.apply(DATA.first(99), Split.TRAIN).labels())
                .isEqualTo(Arrays.copyOf(noise.apply(DATA, Split.TRAIN).labels(), 99));
        assertThat(Labelling.parse("noise=0.4,seed=2").apply(DATA, Split.TRAIN).labels())
                .isNotEqualTo(noise.apply(DATA, Split.TRAIN).labels());
    }

    @Test
    void noiseBeginsWhereItIsToldTo() {
        int[] all = Labelling.parse("noise=0.4").apply(DATA, Split.TRAIN).labels();
        int[] late =
                Labelling.parse("noise=0.4,from=20000").apply(DATA, Split.TRAIN).labels();
        assertThat(Arrays.copyOf(late, 20_000)).isEqualTo(Arrays.copyOf(DATA.labels(), 20_000));
        assertThat(Arrays.copyOfRange(late, 20_000, SAMPLES)).isEqualTo(Arrays.copyOfRange(all, 20_000, SAMPLES));
        assertThatThrownBy(() -> Labelling.parse("from=3"))
                .hasMessage("labels: noise begins at sample 3, but must begin at 0 or above, and there must be noise");
    }

    @Test
    void moreNoiseReplacesWhatLessDid() {
        int[] less = Labelling.parse("noise=0.2").apply(DATA, Split.TRAIN).labels();
        int[] more = Labelling.parse("noise=0.6").apply(DATA, Split.TRAIN).labels();
        for (int i = 0; i < SAMPLES; i++) {
            assertThat(less[i] == DATA.labels()[i] || less[i] == more[i]).isTrue();
        }
    }

    @Test
    void aRandomChoiceIsTheBeginningOfALargerOne() {
        DataSet small = DATA.random(10, 5);
        DataSet large = DATA.random(1000, 5);
        assertThat(large.first(10).labels()).isEqualTo(small.labels());
        for (int i = 0; i < 10; i++) {
            double number = DataSets.numbers(small, i)[0];
            assertThat(DataSets.numbers(large, i)[0]).isEqualTo(number);
            assertThat(small.labels()[i]).isEqualTo(DATA.labels()[(int) number]);
        }
        assertThat(DATA.random(1000, 6).labels()).isNotEqualTo(large.labels());
        float[] all = ((Values.Floats) DATA.random(SAMPLES, 1).values()).numbers();
        assertThat(all).doesNotHaveDuplicates().hasSize(SAMPLES);
        assertThatThrownBy(() -> DATA.random(SAMPLES + 1, 1))
                .hasMessageContaining("some: has 50000 samples, so 50001 of them cannot be taken: 1 to 50000 can");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "as-given",
                "parity",
                "as-given,noise=0.2,seed=3",
                "parity,noise=1.0,seed=1",
                "as-given,noise=0.2,from=7,seed=3"
            })
    void givesTheTextBack(String text) {
        assertThat(Labelling.parse(text)).hasToString(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "odd",
                "parityx",
                "noise=1.5",
                "noise=x",
                "random,noise=0.1",
                "noise=NaN",
                "parity,random=2",
                "as-given,parity",
                "as-given=1",
                "noise=0.1,from=-1",
                "noise=0.1,from=x",
                "noise"
            })
    void refusesOthers(String text) {
        assertThatThrownBy(() -> Labelling.parse(text)).hasMessageStartingWith("labels");
    }
}
