package dev.morula.standardise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.morula.MorulaException;
import dev.morula.kernel.ElementType;
import dev.morula.kernel.Kernels;
import dev.morula.kernel.Matrices;
import dev.morula.kernel.Matrix;
import dev.morula.kernel.Metric;
import dev.morula.kernel.Progress;
import dev.morula.kernel.Tier;
import dev.morula.kernel.Workers;
import java.util.Arrays;
import java.util.Random;
import java.util.function.DoubleSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Ranks against counting, in every type. */
@ParameterizedClass(name = "{0}")
@MethodSource("dev.morula.kernel.Tiers#available")
class RanksTest {
    private static final int[] SAMPLES = {2, 3, 17, 255, 256, 257, 1021};

    @Parameter
    private Tier tier;

    private Kernels kernels;
    private Workers workers;

    @BeforeEach
    void open() {
        kernels = Kernels.cpu(tier);
        workers = new Workers(2);
    }

    @AfterEach
    void close() {
        kernels.close();
        workers.close();
    }

    @ParameterizedTest
    @EnumSource(
            value = ElementType.class,
            names = {"F16", "BF16", "F32", "F64"})
    void ranksOfEveryTypeAreExact(ElementType type) {
        Random random = new Random(1);
        for (int samples : SAMPLES) {
            ranksExactly(layer(35, samples, () -> random.nextInt(31) - 15), type); // ties
            ranksExactly(layer(5, samples, () -> smallest(type) * (random.nextInt(201) - 100)), type); // denormals
            ranksExactly(layer(5, samples, () -> Math.max(0, random.nextInt(9) - 6)), type); // as after a ReLU
        }
    }

    private static double smallest(ElementType type) {
        return switch (type) {
            case F16 -> 0x1p-24;
            case BF16 -> 0x1p-133;
            case F32 -> Float.MIN_VALUE;
            default -> Double.MIN_VALUE;
        };
    }

    @Test
    void everyByteOfAValueCounts() {
        Random random = new Random(2);
        ranksExactly(layer(9, 700, () -> anyFinite(() -> Float.intBitsToFloat(random.nextInt()))), ElementType.F32);
        ranksExactly(layer(9, 700, () -> anyFinite(() -> Double.longBitsToDouble(random.nextLong()))), ElementType.F64);
    }

    private static double anyFinite(DoubleSupplier random) {
        double value = random.getAsDouble();
        return Double.isFinite(value) ? value : anyFinite(random);
    }

    @Test
    void zeroHasNoSign() {
        ranksExactly(
                new double[][] {{-0.0, 0.0, 1, -1, 0.0, -0.0}, {-0.0, 0.0, -0.0, -0.0, -0.0, -0.0}}, ElementType.F32);
    }

    @ParameterizedTest
    @EnumSource(
            value = ElementType.class,
            names = {"F16", "BF16", "F32", "F64"})
    void aRowThatIsNotFiniteHasNoRanks(ElementType type) {
        double[][] layer = layer(4, 19, () -> 1);
        layer[0][18] = Double.NaN;
        layer[1][0] = Double.POSITIVE_INFINITY;
        layer[2][7] = Double.NEGATIVE_INFINITY;
        ranksExactly(layer, type);
    }

    private static double[][] layer(int neurons, int samples, DoubleSupplier value) {
        double[][] layer = new double[neurons][samples];
        for (double[] row : layer) {
            Arrays.setAll(row, k -> value.getAsDouble());
        }
        return layer;
    }

    private void ranksExactly(double[][] layer, ElementType type) {
        double[][] expected = ExactRanks.of(layer);
        try (Matrix values = Matrices.of(layer, type);
                Matrix ranks = Ranks.of(values, Matrix::allocate, kernels, workers, Progress.NONE);
                Matrix wide = Matrix.allocate(ElementType.F64, layer.length, layer[0].length)) {
            kernels.rank(wide, values);
            double[] row = new double[layer[0].length];
            for (int neuron = 0; neuron < layer.length; neuron++) {
                wide.read((long) neuron * row.length, row, 0, row.length);
                assertThat(row).isEqualTo(expected[neuron]);
                assertThat(ranks.row(neuron)).isEqualTo(floats(row));
            }
        }
    }

    private static float[] floats(double[] row) {
        float[] floats = new float[row.length];
        for (int k = 0; k < row.length; k++) {
            floats[k] = (float) row[k];
        }
        return floats;
    }

    @Test
    void ranksTakeTheSmallestTypeThatHoldsThem() {
        assertThat(Ranks.type((1 << 24) + 1)).isEqualTo(ElementType.F32);
        assertThat(Ranks.type((1 << 24) + 2)).isEqualTo(ElementType.F64);
        assertThat((double) (float) (1 << 24)).isEqualTo(1 << 24);
        try (Matrix values = Matrix.allocate(ElementType.F16, 1, (1 << 24) + 2);
                Matrix ranks = Matrix.allocate(ElementType.F32, 1, values.columns())) {
            assertThatThrownBy(() -> kernels.rank(ranks, values))
                    .isInstanceOf(MorulaException.class)
                    .hasMessageContaining("16777218 samples cannot be ranked");
        }
    }

    @Test
    void statesAndMomentsAreThoseOfTheActivations() {
        double[][] layer = layer(5, 12, () -> 0);
        Arrays.setAll(layer[0], k -> k * k);
        Arrays.fill(layer[1], 2.5);
        layer[3][4] = Double.NaN;
        layer[4][11] = -1;
        try (Matrix values = Matrices.of(layer, ElementType.F32);
                StandardisedLayer raw = measure(values, Metric.PEARSON);
                StandardisedLayer ranked = measure(values, Metric.SPEARMAN)) {
            for (int neuron = 0; neuron < layer.length; neuron++) {
                assertThat(ranked.state(neuron)).isEqualTo(raw.state(neuron));
                assertThat(ranked.mean(neuron)).isEqualTo(Double.valueOf(raw.mean(neuron)));
                assertThat(ranked.deviation(neuron)).isEqualTo(Double.valueOf(raw.deviation(neuron)));
            }
            assertThat(ranked.correlated()).containsExactly(0, 4);
            assertThatThrownBy(() -> ranked.requireFinite("layer.npy"))
                    .hasMessageContaining("neuron 3 is NaN or infinite at sample 4");
        }
    }

    private StandardisedLayer measure(Matrix values, Metric metric) {
        return StandardisedLayer.measure(values, metric, kernels, workers, Progress.NONE);
    }
}
