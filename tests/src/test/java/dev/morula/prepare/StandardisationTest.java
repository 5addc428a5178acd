package dev.morula.prepare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.morula.data.DataSet;
import dev.morula.data.DataSets;
import dev.morula.data.Values;
import dev.morula.kernel.Kernels;
import dev.morula.kernel.Workers;
import dev.morula.network.Shape;
import dev.morula.train.Floats;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Padding, standardising and layout against their definitions in float64. */
class StandardisationTest {
    private static final Shape SHAPE = new Shape(3, 5, 4);
    private static final Kernels KERNELS = Kernels.cpu();
    private static final Workers WORKERS = new Workers(2);

    @AfterAll
    static void close() {
        WORKERS.close();
        KERNELS.close();
    }

    @ParameterizedTest
    @CsvSource({
        "set, 5, 4",
        "channel, 5, 4",
        "image, 5, 4",
        "none, 5, 4",
        "'set,pad=8x7', 8, 7",
        "'channel,pad=6x4', 6, 4",
        "'image,pad=5x5', 5, 5",
        "'none,pad=9x9', 9, 9"
    })
    void isTheDefinition(String text, int height, int width) {
        for (int count : new int[] {1, 2, 1500}) {
            DataSet train = images(count, 1);
            DataSet test = images(7, 2);
            Preparation preparation = Preparation.parse(text);
            try (FittedPreparation fitted = preparation.fit(train, KERNELS, WORKERS)) {
                Shape padded = new Shape(3, height, width);
                assertThat(fitted.output()).isEqualTo(padded);
                double[][] expected = expected(train, test, padded, text.split(",")[0]);
                check(fitted, test, padded, expected);
                check(fitted, test, Shape.features(padded.size()), expected);
            }
        }
    }

    /** Inputs of shape {@code input} against samples that are channel by channel. */
    private static void check(FittedPreparation fitted, DataSet data, Shape input, double[][] expected) {
        try (Samples samples = fitted.samples(data, input, KERNELS, WORKERS)) {
            assertThat(samples.count()).isEqualTo(data.count());
            double[][] rows = Floats.doubles(samples.inputs());
            assertThat(rows).hasDimensions(data.count() * input.positions(), input.channels());
            for (int sample = 0; sample < data.count(); sample++) {
                for (int position = 0; position < input.positions(); position++) {
                    for (int channel = 0; channel < input.channels(); channel++) {
                        assertThat(rows[sample * input.positions() + position][channel])
                                .isCloseTo(expected[sample][channel * input.positions() + position], within(1e-6));
                    }
                }
            }
            int[] labels = new int[data.count()];
            samples.labels().read(0, labels, 0, labels.length);
            assertThat(labels).isEqualTo(data.labels());
        }
    }

    private static double[][] expected(DataSet train, DataSet data, Shape padded, String scope) {
        double[] all = Arrays.stream(padded(train, padded))
                .flatMapToDouble(Arrays::stream)
                .toArray();
        double[][] expected = padded(data, padded);
        for (double[] sample : expected) {
            switch (scope) {
                case "set" -> standardise(sample, 0, sample.length, all);
                case "image" -> standardise(sample, 0, sample.length, sample.clone());
                case "channel" -> {
                    for (int from = 0; from < sample.length; from += padded.positions()) {
                        int channel = from / padded.positions();
                        double[] known = IntStream.range(0, all.length)
                                .filter(k -> k / padded.positions() % padded.channels() == channel)
                                .mapToDouble(k -> all[k])
                                .toArray();
                        standardise(sample, from, from + padded.positions(), known);
                    }
                }
                default -> {}
            }
        }
        return expected;
    }

    /** Standardises the numbers of a part of {@code sample} by mean and deviation of {@code known}. */
    private static void standardise(double[] sample, int from, int to, double[] known) {
        double mean = Arrays.stream(known).average().orElseThrow();
        double variance =
                Arrays.stream(known).map(x -> (x - mean) * (x - mean)).average().orElseThrow();
        for (int k = from; k < to; k++) {
            sample[k] = (sample[k] - mean) / Math.sqrt(variance);
        }
    }

    private static double[][] padded(DataSet data, Shape shape) {
        double[][] padded = new double[data.count()][shape.size()];
        int top = (shape.height() - SHAPE.height()) / 2;
        int left = (shape.width() - SHAPE.width()) / 2;
        for (int sample = 0; sample < data.count(); sample++) {
            double[] numbers = DataSets.numbers(data, sample);
            for (int c = 0; c < SHAPE.channels(); c++) {
                for (int y = 0; y < SHAPE.height(); y++) {
                    for (int x = 0; x < SHAPE.width(); x++) {
                        padded[sample][(c * shape.height() + y + top) * shape.width() + x + left] =
                                numbers[(c * SHAPE.height() + y) * SHAPE.width() + x];
                    }
                }
            }
        }
        return padded;
    }

    /** Channels differ in mean and spread. */
    private static DataSet images(int count, long seed) {
        Random random = new Random(seed);
        byte[] pixels = new byte[count * SHAPE.size()];
        for (int k = 0; k < pixels.length; k++) {
            int channel = k / SHAPE.positions() % SHAPE.channels();
            pixels[k] = (byte) (60 * channel + random.nextInt(40 + 30 * channel));
        }
        int[] labels = random.ints(count, 0, 5).toArray();
        return new DataSet("images", SHAPE, 5, new Values.Bytes(pixels), labels);
    }

    @Test
    void anImageOfOneColourIsAllZeros() {
        DataSet plain =
                new DataSet("plain", new Shape(1, 2, 2), 2, new Values.Floats(new float[] {3, 3, 3, 3}), new int[1]);
        try (FittedPreparation fitted = Preparation.parse("image").fit(plain, KERNELS, WORKERS);
                Samples samples = fitted.samples(plain, Shape.features(4), KERNELS, WORKERS)) {
            assertThat(samples.inputs().row(0)).containsOnly(0);
        }
        assertThatThrownBy(() -> Preparation.parse("channel").fit(plain, KERNELS, WORKERS))
                .hasMessageContaining("plain: all numbers of channel 0 are equal");
    }

    @Test
    void isTheSameForAnyNumberOfThreads() {
        DataSet train = images(3000, 3);
        try (Workers one = new Workers(1);
                Workers three = new Workers(3)) {
            assertThat(Preparation.parse("channel").fit(train, KERNELS, three))
                    .isEqualTo(Preparation.parse("channel").fit(train, KERNELS, one));
        }
    }

    @Test
    void namesBothShapesWhereTheyDiffer() {
        DataSet train = images(10, 1);
        DataSet other = new DataSet("other", new Shape(3, 5, 5), 5, new Values.Floats(new float[75]), new int[1]);
        FittedPreparation fitted = Preparation.parse("set,pad=8x8").fit(train, KERNELS, WORKERS);
        assertThatThrownBy(() -> fitted.samples(other, Shape.features(192), KERNELS, WORKERS))
                .hasMessageContaining("other: samples are 3 x 5 x 5, but those of the train set are 3 x 5 x 4");
        for (Shape input : new Shape[] {new Shape(3, 5, 4), Shape.features(60), new Shape(1, 8, 24)}) {
            assertThatThrownBy(() -> fitted.samples(train, input, KERNELS, WORKERS))
                    .hasMessageContaining("images: samples are 3 x 8 x 8 once prepared (set,pad=8x8), but the network "
                            + "takes " + input);
        }
        assertThatThrownBy(() -> Preparation.parse("set,pad=8x3").fit(train, KERNELS, WORKERS))
                .hasMessageContaining("images: samples of 3 x 5 x 4 cannot be padded to 8 x 3");
        DataSet features = new DataSet("row", Shape.features(4), 2, new Values.Floats(new float[4]), new int[1]);
        assertThatThrownBy(() -> Preparation.parse("set,pad=8x8").fit(features, KERNELS, WORKERS))
                .hasMessageContaining("row: samples of 4 features cannot be padded to 8 x 8");
    }

    @ParameterizedTest
    @ValueSource(strings = {"set", "channel", "image,pad=32x32", "none,pca=5", "set,pad=8x9,pca=50,whitened"})
    void givesTheTextBack(String text) {
        assertThat(Preparation.parse(text)).hasToString(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "all",
                "set,pad=8",
                "set,pad=8x0",
                "set,pad=x",
                "set,pca=0",
                "set,whitened",
                "set,x=1",
                "set,pca=1,whitened=2"
            })
    void refusesOthers(String text) {
        assertThatThrownBy(() -> Preparation.parse(text)).hasMessageStartingWith("preparation \"" + text + "\": ");
    }
}
