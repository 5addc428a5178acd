package dev.morula.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.morula.kernel.ElementType;
import dev.morula.kernel.Kernels;
import dev.morula.kernel.Matrix;
import dev.morula.kernel.Tier;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SoftmaxCrossEntropyTest {
    private static final double STEP = 1e-5;

    @ParameterizedTest
    @MethodSource("dev.morula.kernel.Tiers#available")
    void lossAndGradientAgreeWithCentralDifferences(Tier tier) {
        try (Kernels kernels = Kernels.cpu(tier)) {
            for (int classes : new int[] {2, 3, 17, 129}) {
                check(kernels, 5, classes);
            }
        }
    }

    private static void check(Kernels kernels, int batch, int classes) {
        Random random = new Random(classes);
        int[] labels = random.ints(batch, 0, classes).toArray();
        try (Matrix logits = Floats.random(batch, classes, random);
                Outputs outputs = new Outputs(kernels, logits, labels)) {
            double[][] x = Floats.doubles(logits);
            double[][] gradient = Floats.doubles(outputs.dlogits);
            for (int b = 0; b < batch; b++) {
                assertThat((double) outputs.losses.row(b)[0]).isCloseTo(loss(x[b], labels[b]), within(2e-6));
                assertThat(outputs.predicted()[b]).isEqualTo(largest(x[b]));
                for (int c = 0; c < classes; c++) {
                    assertThat(gradient[b][c]).isCloseTo(slope(x[b], labels[b], c) / batch, within(1e-7));
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("dev.morula.kernel.Tiers#available")
    void largeLogitsDoNotOverflow(Tier tier) {
        float[][] values = {{1e30f, -1e30f, 0}, {-3e38f, -3e38f, -3e38f}};
        try (Kernels kernels = Kernels.cpu(tier);
                Matrix logits = Matrix.of(values);
                Outputs outputs = new Outputs(kernels, logits, 0, 1)) {
            assertThat(outputs.losses.row(0)[0]).isZero();
            assertThat(outputs.losses.row(1)[0]).isCloseTo((float) Math.log(3), within(1e-6f));
            assertThat(outputs.predicted()).containsExactly(0, 0); // the first of equals
        }
    }

    @ParameterizedTest
    @MethodSource("dev.morula.kernel.Tiers#available")
    void aRowThatIsNotFinitePredictsNothing(Tier tier) {
        float inf = Float.POSITIVE_INFINITY;
        float[][] values = {{1, Float.NaN, 2}, {inf, 0, 0}, {0, -inf, 0}, {0, 1, 0}};
        try (Kernels kernels = Kernels.cpu(tier);
                Matrix logits = Matrix.of(values);
                Outputs outputs = new Outputs(kernels, logits, 2, 0, 0, 1)) {
            assertThat(outputs.predicted()).containsExactly(-1, -1, -1, 1);
            for (int b = 0; b < 3; b++) {
                assertThat(outputs.losses.row(b)[0]).isNaN();
                assertThat(outputs.dlogits.row(b)).containsOnly(Float.NaN);
            }
            assertThat(outputs.losses.row(3)[0]).isPositive();
        }
    }

    @Test
    void refusesALabelWithoutAClass() {
        try (Kernels kernels = Kernels.cpu();
                Matrix logits = Floats.zeros(2, 3)) {
            assertThatThrownBy(() -> new Outputs(kernels, logits, 0, 3))
                    .hasMessageContaining("sample 1 has label 3, but there are 3 classes");
        }
    }

    private static double loss(double[] logits, int label) {
        double sum = 0;
        for (double logit : logits) {
            sum += Math.exp(logit);
        }
        return Math.log(sum) - logits[label];
    }

    private static double slope(double[] logits, int label, int position) {
        double[] moved = logits.clone();
        moved[position] = logits[position] + STEP;
        double above = loss(moved, label);
        moved[position] = logits[position] - STEP;
        return (above - loss(moved, label)) / (2 * STEP);
    }

    private static int largest(double[] values) {
        int best = 0;
        for (int i = 1; i < values.length; i++) {
            best = values[i] > values[best] ? i : best;
        }
        return best;
    }

    private static final class Outputs implements AutoCloseable {
        private final Matrix dlogits;
        private final Matrix losses;
        private final Matrix predicted;

        Outputs(Kernels kernels, Matrix logits, int... labels) {
            dlogits = Floats.zeros(logits.rows(), logits.columns());
            losses = Floats.zeros(logits.rows(), 1);
            predicted = Matrix.allocate(ElementType.I32, logits.rows(), 1);
            try (Matrix truth = Floats.integers(labels)) {
                kernels.losses().softmaxCrossEntropy(dlogits, losses, predicted, logits, truth);
            }
        }

        int[] predicted() {
            int[] values = new int[(int) predicted.rows()];
            predicted.read(0, values, 0, values.length);
            return values;
        }

        @Override
        public void close() {
            dlogits.close();
            losses.close();
            predicted.close();
        }
    }
}
