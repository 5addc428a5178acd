package dev.morula.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.morula.MorulaException;
import dev.morula.RandomNumbers;
import dev.morula.kernel.Matrix;
import dev.morula.network.BatchNorm;
import dev.morula.network.Convolution;
import dev.morula.network.Layer;
import dev.morula.network.Linear;
import dev.morula.network.ParameterSpec;
import dev.morula.network.Shape;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class InitialisationTest {
    private static final int INPUTS = 300;
    private static final int OUTPUTS = 200;

    @ParameterizedTest
    @ValueSource(strings = {"pytorch", "he", "glorot", "lecun", "orthogonal,gain=1.0", "normal:0.01"})
    void writesWhatItReads(String text) {
        assertThat(Initialisation.parse(text)).hasToString(text);
    }

    @Test
    void readsItsForms() {
        assertThat(Initialisation.parse("pytorch")).isEqualTo(new Initialisation.PyTorch());
        assertThat(Initialisation.parse("orthogonal")).isEqualTo(new Initialisation.Orthogonal(Math.sqrt(2)));
        assertThat(Initialisation.parse("normal:0.01")).isEqualTo(new Initialisation.Normal(0.01));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "xavier|\"xavier\" is not known; it must look like pytorch, he, glorot,",
                "''|\"\" is not known",
                "normal|\"normal\" is not known",
                "he:2|\"he:2\" is not known",
                "he,gain=2|\"gain\" is not known here; there are no options",
                "normal:|\"\" is not a number",
                "normal:0|the standard deviation is 0.0, but must be above 0",
                "orthogonal,gain=-1|gain is -1.0, but must be above 0",
                "orthogonal,gain=NaN|gain is NaN"
            })
    void refusesOtherForms(String text, String reason) {
        assertThatThrownBy(() -> Initialisation.parse(text))
                .isInstanceOf(MorulaException.class)
                .hasMessageContaining(reason);
    }

    /** Variances of a layer of 300 inputs and 200 outputs; the largest value of a uniform one is sqrt(3 variance). */
    @ParameterizedTest
    @CsvSource({
        "pytorch, 0.00111111111, true",
        "he, 0.00666666667, false",
        "glorot, 0.004, true",
        "lecun, 0.00333333333, false",
        "normal:0.5, 0.25, false",
        "orthogonal, 0.00666666667, false",
    })
    void weightsHaveTheRightDistribution(String text, double variance, boolean uniform) {
        draw(text, Linear.of(INPUTS, OUTPUTS), Shape.features(INPUTS), values -> {
            double[] weights = flat(values.get(0));
            assertMoments(weights, variance, uniform);
            double largest = Arrays.stream(weights).map(Math::abs).max().orElseThrow();
            double bound = Math.sqrt(3 * variance);
            if (uniform) {
                assertThat(largest).isBetween(0.999 * bound, bound * (1 + 1e-7));
            } else {
                assertThat(largest).isBetween(2.1 * bound, 4 * bound); // of 60,000 normal numbers
            }
        });
    }

    @Test
    void aConvolutionCountsItsPositions() {
        Convolution convolution = new Convolution(16, 32, 5, 1, 2, false);
        draw(
                "glorot",
                convolution,
                new Shape(16, 8, 8),
                values -> assertMoments(flat(values.get(0)), 2.0 / (16 * 25 + 32 * 25), true));
        draw(
                "he",
                convolution,
                new Shape(16, 8, 8),
                values -> assertMoments(flat(values.get(0)), 2.0 / (16 * 25), false));
    }

    /** Mean and variance within five standard deviations of what so many independent numbers give. */
    private static void assertMoments(double[] values, double variance, boolean uniform) {
        double mean = Arrays.stream(values).average().orElseThrow();
        double square = Arrays.stream(values).map(x -> x * x).average().orElseThrow();
        double fourth = uniform ? 0.8 : 2; // of the square's variance, in squared variances
        assertThat(mean).isCloseTo(0, within(5 * Math.sqrt(variance / values.length)));
        assertThat(square).isCloseTo(variance, within(5 * variance * Math.sqrt(fourth / values.length)));
    }

    @Test
    void onlyPyTorchDrawsBiases() {
        double bound = 1 / Math.sqrt(INPUTS);
        draw("pytorch", Linear.of(INPUTS, OUTPUTS), Shape.features(INPUTS), values -> assertThat(
                        Arrays.stream(flat(values.get(1))))
                .allMatch(bias -> bias != 0 && Math.abs(bias) <= bound * (1 + 1e-7)));
        for (String text : List.of("he", "glorot", "lecun", "orthogonal", "normal:1")) {
            draw(text, Linear.of(INPUTS, OUTPUTS), Shape.features(INPUTS), values -> assertThat(flat(values.get(1)))
                    .containsOnly(0));
        }
    }

    @Test
    void normalisationsBeginAsTheIdentity() {
        draw("he", new BatchNorm(3), new Shape(3, 2, 2), values -> {
            assertThat(flat(values.get(0))).containsOnly(1);
            assertThat(flat(values.get(1))).containsOnly(0);
            assertThat(flat(values.get(2))).containsOnly(0);
            assertThat(flat(values.get(3))).containsOnly(1);
        });
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "1, 17", "17, 1", "31, 31", "129, 257", "257, 129", "200, 300"})
    void orthogonalRowsOrColumnsAreAtRightAngles(int outputs, int inputs) {
        draw("orthogonal,gain=3", Linear.of(inputs, outputs), Shape.features(inputs), values -> {
            double[][] weight = Floats.doubles(values.get(0));
            double[][] vectors = outputs <= inputs ? weight : transposed(weight);
            double rounding = 9 * (vectors[0].length + 16) * 0x1p-23;
            for (int a = 0; a < vectors.length; a++) {
                for (int b = 0; b <= a; b++) {
                    assertThat(product(vectors[a], vectors[b])).isCloseTo(a == b ? 9 : 0, within(rounding));
                }
            }
        });
    }

    /** Without the signs of the triangular factor the first number of a first row would always be negative, or always positive. */
    @Test
    void orthogonalWeightsAreUniformlyDistributed() {
        double[] sums = new double[9];
        int draws = 4000;
        InitialValues values = new InitialValues(new Initialisation.Orthogonal(1), new RandomNumbers(1));
        List<ParameterSpec> specs = Linear.withoutBias(3, 3).parameters(Shape.features(3));
        try (Matrix weight = Floats.zeros(3, 3)) {
            for (int draw = 0; draw < draws; draw++) {
                values.fill(specs, List.of(weight));
                double[] drawn = flat(weight);
                Arrays.setAll(sums, i -> sums[i] + drawn[i]);
            }
        }
        double deviation = Math.sqrt(draws / 3.0);
        assertThat(Arrays.stream(sums)).allMatch(sum -> Math.abs(sum) < 5 * deviation);
    }

    private static void draw(String text, Layer layer, Shape input, Consumer<List<Matrix>> check) {
        List<ParameterSpec> specs = layer.parameters(input);
        List<Matrix> values = specs.stream()
                .map(spec -> Floats.zeros(spec.rows(), spec.columns()))
                .toList();
        new InitialValues(Initialisation.parse(text), new RandomNumbers(7)).fill(specs, values);
        check.accept(values);
        values.forEach(Matrix::close);
    }

    private static double[] flat(Matrix matrix) {
        return Arrays.stream(Floats.doubles(matrix))
                .flatMapToDouble(Arrays::stream)
                .toArray();
    }

    private static double[][] transposed(double[][] matrix) {
        double[][] result = new double[matrix[0].length][matrix.length];
        for (int row = 0; row < matrix.length; row++) {
            for (int column = 0; column < matrix[0].length; column++) {
                result[column][row] = matrix[row][column];
            }
        }
        return result;
    }

    private static double product(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }
}
