package dev.morula.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.morula.kernel.Backend;
import dev.morula.kernel.ElementType;
import dev.morula.kernel.Kernels;
import dev.morula.kernel.LossKernels;
import dev.morula.kernel.Matrix;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every loss in every backend against its definition in float64, its gradient against central differences of that. */
@Tag("device")
class LossKernelsTest {
    private static final double STEP = 1e-5;
    private static final double SMOOTHING = 0.1;
    private static final double ROUNDING = 0x1p-24; // of float32

    private static final Case CROSS_ENTROPY = new Case(
            (kernels, dout, losses, predicted, out, labels) ->
                    kernels.softmaxCrossEntropy(dout, losses, predicted, out, labels, 0),
            (out, label) -> crossEntropy(out, label, 0));
    private static final Case SMOOTHED = new Case(
            (kernels, dout, losses, predicted, out, labels) ->
                    kernels.softmaxCrossEntropy(dout, losses, predicted, out, labels, SMOOTHING),
            (out, label) -> crossEntropy(out, label, SMOOTHING));
    private static final Case SQUARED = new Case(LossKernels::meanSquaredError, LossKernelsTest::meanSquaredError);
    private static final Case HINGE = new Case(LossKernels::squareHinge, LossKernelsTest::squareHinge);
    private static final List<Case> ALL = List.of(CROSS_ENTROPY, SMOOTHED, SQUARED, HINGE);

    private interface Kernel {
        void run(LossKernels kernels, Matrix dout, Matrix losses, Matrix predicted, Matrix out, Matrix labels);
    }

    private interface Definition {
        double loss(double[] out, int label);
    }

    private record Case(Kernel kernel, Definition definition) {}

    @ParameterizedTest
    @MethodSource("dev.morula.kernel.Backends#available")
    void lossesAndGradientsAgreeWithCentralDifferences(Backend backend) {
        try (Kernels kernels = backend.open()) {
            for (Case loss : ALL) {
                for (int outputs : new int[] {1, 2, 3, 17, 129, 1009}) {
                    check(kernels, loss, 1, outputs);
                    check(kernels, loss, 7, outputs);
                }
            }
        }
    }

    private static void check(Kernels kernels, Case loss, int batch, int outputs) {
        Random random = new Random(outputs);
        int[] labels = random.ints(batch, 0, loss == HINGE && outputs == 1 ? 2 : outputs)
                .toArray();
        try (Matrix out = Floats.random(batch, outputs, random);
                Outputs found = new Outputs(kernels, loss.kernel, out, labels)) {
            double[][] x = Floats.doubles(out);
            double[][] gradient = Floats.doubles(found.dout);
            for (int b = 0; b < batch; b++) {
                double expected = loss.definition.loss(x[b], labels[b]);
                assertThat((double) found.losses.row(b)[0]).isCloseTo(expected, within(8 * ROUNDING * (1 + expected)));
                assertThat(found.predicted()[b]).isEqualTo(loss == HINGE ? wanted(x[b]) : largest(x[b]));
                for (int c = 0; c < outputs; c++) {
                    double slope = slope(loss.definition, x[b], labels[b], c);
                    assertThat(gradient[b][c] * batch)
                            .isCloseTo(slope, within(1e-9 + 8 * ROUNDING * (1 + Math.abs(slope))));
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("dev.morula.kernel.Backends#available")
    void largeLogitsDoNotOverflow(Backend backend) {
        float[][] values = {{1e30f, -1e30f, 0}, {-3e38f, -3e38f, -3e38f}};
        for (Case loss : List.of(CROSS_ENTROPY, SMOOTHED)) {
            try (Kernels kernels = backend.open();
                    Matrix out = Matrix.of(values);
                    Outputs found = new Outputs(kernels, loss.kernel, out, 0, 1)) {
                // of the first row's three classes one is 1e30 and one 2e30 below the largest
                float first = loss == SMOOTHED ? (float) (SMOOTHING * 1e30) : 0;
                assertThat(found.losses.row(0)[0]).isCloseTo(first, within(first * 1e-6f));
                assertThat(found.losses.row(1)[0]).isCloseTo((float) Math.log(3), within(1e-6f));
                assertThat(found.predicted()).containsExactly(0, 0); // the first of equals
            }
        }
    }

    @ParameterizedTest
    @MethodSource("dev.morula.kernel.Backends#available")
    void aRowThatIsNotFinitePredictsNothing(Backend backend) {
        float inf = Float.POSITIVE_INFINITY;
        float[][] values = {{1, Float.NaN, 2}, {inf, 0, 0}, {0, -inf, 0}, {0, 1, 0}};
        for (Case loss : ALL) {
            try (Kernels kernels = backend.open();
                    Matrix out = Matrix.of(values);
                    Outputs found = new Outputs(kernels, loss.kernel, out, 2, 0, 0, 1)) {
                assertThat(found.predicted()).containsExactly(-1, -1, -1, 1);
                for (int b = 0; b < 3; b++) {
                    assertThat(found.losses.row(b)[0]).isNaN();
                    assertThat(found.dout.row(b)).containsOnly(Float.NaN);
                }
                assertThat(found.losses.row(3)[0]).isFinite();
            }
        }
    }

    @ParameterizedTest
    @MethodSource("dev.morula.kernel.Backends#available")
    void oneOutputOfAHingeTellsTwoClassesApart(Backend backend) {
        float[][] values = {{0}, {0.5f}, {2}, {-3}, {Float.NaN}, {Float.NEGATIVE_INFINITY}};
        try (Kernels kernels = backend.open();
                Matrix out = Matrix.of(values);
                Outputs found = new Outputs(kernels, HINGE.kernel, out, 1, 1, 1, 1, 1, 0)) {
            assertThat(found.predicted()).containsExactly(0, 1, 1, 0, -1, -1);
            float[] losses = new float[6];
            found.losses.read(0, losses, 0, 6);
            assertThat(losses).containsExactly(0.5f, 0.125f, 0, 8, Float.NaN, Float.NaN);
        }
    }

    @ParameterizedTest
    @MethodSource("dev.morula.kernel.Backends#available")
    void lossesWithoutAGradientAreTheSame(Backend backend) {
        for (Case loss : ALL) {
            try (Kernels kernels = backend.open();
                    Matrix out = Floats.random(3, 17, new Random(1));
                    Matrix labels = Floats.integers(0, 16, 5);
                    Outputs with = new Outputs(kernels, loss.kernel, out, 0, 16, 5);
                    Matrix losses = Floats.zeros(3, 1)) {
                loss.kernel.run(kernels.losses(), null, losses, with.predicted, out, labels);
                assertThat(Floats.doubles(losses)).isDeepEqualTo(Floats.doubles(with.losses));
            }
        }
    }

    @Test
    void refusesWhatDoesNotFit() {
        try (Kernels kernels = Kernels.cpu();
                Matrix out = Floats.zeros(2, 3);
                Matrix one = Floats.zeros(2, 1)) {
            for (Case loss : ALL) {
                assertThatThrownBy(() -> new Outputs(kernels, loss.kernel, out, 0, 3))
                        .hasMessageContaining("sample 1 has label 3, but there are 3 classes");
            }
            assertThatThrownBy(() -> new Outputs(kernels, HINGE.kernel, one, 1, 2))
                    .hasMessageContaining("sample 1 has label 2, but there are 2 classes");
            Kernel tooSmooth = (losses, dout, each, predicted, outputs, labels) ->
                    losses.softmaxCrossEntropy(dout, each, predicted, outputs, labels, 1.5);
            assertThatThrownBy(() -> new Outputs(kernels, tooSmooth, out, 0, 1))
                    .hasMessageContaining("smoothing is 1.5, but must be from 0 to 1");
        }
    }

    private static double crossEntropy(double[] out, int label, double smoothing) {
        double sum = 0;
        for (double x : out) {
            sum += Math.exp(x);
        }
        double loss = 0;
        for (int c = 0; c < out.length; c++) {
            double target = (c == label ? 1 - smoothing : 0) + smoothing / out.length;
            loss += target * (Math.log(sum) - out[c]);
        }
        return loss;
    }

    private static double meanSquaredError(double[] out, int label) {
        double sum = 0;
        for (int c = 0; c < out.length; c++) {
            double target = c == label ? 1 : 0;
            sum += (out[c] - target) * (out[c] - target);
        }
        return sum / out.length;
    }

    private static double squareHinge(double[] out, int label) {
        double sum = 0;
        for (int c = 0; c < out.length; c++) {
            boolean positive = out.length == 1 ? label == 1 : c == label;
            double missing = Math.max(0, 1 - (positive ? out[c] : -out[c]));
            sum += missing * missing;
        }
        return sum / 2;
    }

    private static double slope(Definition definition, double[] out, int label, int position) {
        double[] moved = out.clone();
        moved[position] = out[position] + STEP;
        double above = definition.loss(moved, label);
        moved[position] = out[position] - STEP;
        return (above - definition.loss(moved, label)) / (2 * STEP);
    }

    private static int wanted(double[] values) {
        return values.length == 1 ? (values[0] > 0 ? 1 : 0) : largest(values);
    }

    private static int largest(double[] values) {
        int best = 0;
        for (int i = 1; i < values.length; i++) {
            best = values[i] > values[best] ? i : best;
        }
        return best;
    }

    private static final class Outputs implements AutoCloseable {
        private final Matrix dout;
        private final Matrix losses;
        private final Matrix predicted;

        Outputs(Kernels kernels, Kernel kernel, Matrix out, int... labels) {
            dout = Floats.zeros(out.rows(), out.columns());
            losses = Floats.zeros(out.rows(), 1);
            predicted = Matrix.allocate(ElementType.I32, out.rows(), 1);
            try (Matrix truth = Floats.integers(labels)) {
                kernel.run(kernels.losses(), dout, losses, predicted, out, truth);
            }
        }

        int[] predicted() {
            int[] values = new int[(int) predicted.rows()];
            predicted.read(0, values, 0, values.length);
            return values;
        }

        @Override
        public void close() {
            dout.close();
            losses.close();
            predicted.close();
        }
    }
}
