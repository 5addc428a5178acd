package dev.morula.standardise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.morula.MorulaException;
import dev.morula.MorulaException.Kind;
import dev.morula.kernel.Backend;
import dev.morula.kernel.ElementType;
import dev.morula.kernel.Kernels;
import dev.morula.kernel.Matrices;
import dev.morula.kernel.Matrix;
import dev.morula.kernel.Metric;
import dev.morula.kernel.Progress;
import dev.morula.kernel.Workers;
import java.nio.DoubleBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is found out about single neurons, against exact sums. */
@Tag("device")
@ParameterizedClass(name = "{0}")
@MethodSource("dev.morula.kernel.Backends#available")
class StandardisedLayerTest {
    private static final double NAN = Double.NaN;
    private static final double INFINITY = Double.POSITIVE_INFINITY;
    // The exact side is the same for every tier and type, so it is worked out once.
    private static final Map<DoubleBuffer, ExactMoments> EXACT = new HashMap<>();
    private static final int[] SAMPLES = {2, 3, 15, 16, 17, 255, 512, 513, 1021};

    @Parameter
    private Backend backend;

    private Kernels kernels;
    private Workers workers;

    @BeforeEach
    void open() {
        kernels = backend.open();
        workers = new Workers(2);
    }

    @AfterEach
    void close() {
        kernels.close();
        workers.close();
    }

    private StandardisedLayer measure(Matrix values, Metric metric) {
        return StandardisedLayer.measure(values, metric, kernels, workers, Progress.NONE);
    }

    @ParameterizedTest
    @EnumSource(
            value = ElementType.class,
            names = {"F16", "BF16", "F32", "F64"})
    void meansAndDeviationsAreExactButForTheLastBits(ElementType type) {
        for (int samples : SAMPLES) {
            // 70 neurons are more than one part of the parallel work
            measuresExactly(steps(70, samples, 0.125, samples), type);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "F64, 1e300",
        "F64, 1e-300",
        "F64, 5e-324",
        "F64, 1e-310",
        "F32, 0x1p110",
        "F32, 0x1p-149",
        "BF16, 0x1p110",
        "BF16, 0x1p-133",
        "F16, 256",
        "F16, 0x1p-24"
    })
    void extremeScalesChangeNothing(ElementType type, String scale) {
        measuresExactly(steps(9, 333, Double.parseDouble(asDouble(scale)), 1), type);
    }

    private static String asDouble(String literal) {
        return literal.startsWith("0x") ? literal.replaceFirst("(0x1)p", "$1.0p") : literal;
    }

    @ParameterizedTest
    @ValueSource(doubles = {1e3, 1e9, 1e15, -1e15, 1e300})
    void aLargeMeanHidesNoVariation(double mean) {
        double[][] layer = steps(9, 1021, Math.ulp(mean), 2);
        for (double[] neuron : layer) {
            Arrays.setAll(neuron, k -> mean + neuron[k]);
        }
        measuresExactly(layer, ElementType.F64);
    }

    /** The largest number beside its negative: differences of these are no double. */
    @Test
    void theWholeRangeOfADoubleIsMeasured() {
        double most = Double.MAX_VALUE;
        measuresExactly(
                new double[][] {{most, -most, most, -most, 0}, {most, most, -most, 1, 5e-324}}, ElementType.F64);
    }

    private void measuresExactly(double[][] layer, ElementType type) {
        try (Matrix values = Matrices.of(layer, type);
                StandardisedLayer measured = measure(values, Metric.PEARSON)) {
            for (int neuron = 0; neuron < layer.length; neuron++) {
                ExactMoments exact =
                        EXACT.computeIfAbsent(DoubleBuffer.wrap(layer[neuron]), row -> ExactMoments.of(row.array()));
                assertThat(measured.state(neuron)).isEqualTo(NeuronState.VARYING);
                assertThat(Math.abs(measured.mean(neuron) - exact.mean()))
                        .isLessThanOrEqualTo(2 * Math.ulp(exact.mean()));
                assertThat(Math.abs(measured.deviation(neuron) - exact.deviation()))
                        .isLessThanOrEqualTo(1e-13 * exact.deviation() + Double.MIN_VALUE);
            }
        }
    }

    /** Random multiples of {@code step}, from -15 to 15 steps: representable in every type. */
    private static double[][] steps(int neurons, int samples, double step, long seed) {
        Random random = new Random(seed);
        double[][] layer = new double[neurons][samples];
        for (double[] neuron : layer) {
            do {
                Arrays.setAll(neuron, k -> (random.nextInt(31) - 15) * step);
            } while (Arrays.stream(neuron).distinct().count() == 1);
        }
        return layer;
    }

    @ParameterizedTest
    @EnumSource(
            value = ElementType.class,
            names = {"F16", "BF16", "F32", "F64"})
    void tellsTheStatesApart(ElementType type) {
        for (int samples : SAMPLES) {
            double[][] layer = new double[10][samples];
            layer[0][samples - 1] = 1;
            Arrays.fill(layer[1], 2.5);
            Arrays.fill(layer[3], -0.0);
            layer[4][0] = -0.0; // beside 0.0
            layer[5][samples - 1] = NAN;
            layer[6][0] = INFINITY;
            layer[7][samples / 2] = -INFINITY;
            Arrays.fill(layer[8], NAN);
            layer[9][0] = -1;
            try (Matrix values = Matrices.of(layer, type);
                    StandardisedLayer pearson = measure(values, Metric.PEARSON);
                    StandardisedLayer cosine = measure(values, Metric.COSINE)) {
                assertStates(pearson);
                assertStates(cosine);
                assertThat(pearson.correlated()).containsExactly(0, 9);
                assertThat(cosine.correlated()).containsExactly(0, 1, 9);
            }
        }
    }

    private static void assertStates(StandardisedLayer layer) {
        NeuronState[] states = new NeuronState[layer.neurons()];
        Arrays.setAll(states, layer::state);
        assertThat(states)
                .containsExactly(
                        NeuronState.VARYING,
                        NeuronState.CONSTANT,
                        NeuronState.NEVER_ACTIVE,
                        NeuronState.NEVER_ACTIVE,
                        NeuronState.NEVER_ACTIVE,
                        NeuronState.NON_FINITE,
                        NeuronState.NON_FINITE,
                        NeuronState.NON_FINITE,
                        NeuronState.NON_FINITE,
                        NeuronState.VARYING);
        assertThat(layer.count(NeuronState.VARYING)).isEqualTo(2);
        assertThat(layer.count(NeuronState.CONSTANT)).isEqualTo(1);
        assertThat(layer.count(NeuronState.NEVER_ACTIVE)).isEqualTo(3);
        assertThat(layer.count(NeuronState.NON_FINITE)).isEqualTo(4);
        assertThat(layer.mean(1)).isEqualTo(2.5);
        assertThat(layer.deviation(1)).isZero();
        assertThat(Double.doubleToRawLongBits(layer.mean(3)))
                .as("0.0, not -0.0")
                .isZero();
        assertThat(layer.mean(5)).isNaN();
        assertThat(layer.deviation(8)).isNaN();
    }

    @Test
    void theMetricChangesNeitherMeanNorDeviation() {
        try (Matrix values = Matrices.of(steps(20, 77, 0.5, 3), ElementType.F32);
                StandardisedLayer pearson = measure(values, Metric.PEARSON);
                StandardisedLayer cosine = measure(values, Metric.COSINE)) {
            for (int neuron = 0; neuron < 20; neuron++) {
                assertThat(cosine.mean(neuron)).isEqualTo(pearson.mean(neuron));
                assertThat(cosine.deviation(neuron)).isEqualTo(pearson.deviation(neuron));
            }
        }
    }

    @Test
    void theFirstNonFiniteValueIsNamed() {
        double[][] layer = steps(1500, 1200, 1, 4);
        layer[1234][1100] = NAN;
        layer[1234][1101] = INFINITY;
        layer[1300][5] = -INFINITY;
        try (Matrix values = Matrices.of(layer, ElementType.F16);
                StandardisedLayer measured = measure(values, Metric.PEARSON)) {
            assertThatThrownBy(() -> measured.requireFinite("layer.npy"))
                    .isInstanceOfSatisfying(
                            MorulaException.class, e -> assertThat(e.kind()).isEqualTo(Kind.INPUT))
                    .hasMessage("layer.npy: neuron 1,234 is NaN or infinite at sample 1,100; "
                            + "drop such neurons with --drop-nonfinite");
        }
    }

    @Test
    void finiteNeuronsPass() {
        try (Matrix values = Matrices.of(new double[][] {{0, 0, 0}, {1, 1, 1}, {65504, -65504, 1}}, ElementType.F16);
                StandardisedLayer measured = measure(values, Metric.PEARSON)) {
            measured.requireFinite("layer.npy");
            assertThat(measured.samples()).isEqualTo(3);
        }
    }
}
