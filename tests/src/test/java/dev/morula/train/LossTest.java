package dev.morula.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.morula.MorulaException;
import dev.morula.kernel.Kernels;
import dev.morula.kernel.Matrix;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LossTest {
    @ParameterizedTest
    @ValueSource(strings = {"cross-entropy", "cross-entropy,smoothing=0.1", "mse", "hinge"})
    void writesWhatItReads(String text) {
        assertThat(Loss.parse(text)).hasToString(text);
    }

    @Test
    void readsItsForms() {
        assertThat(Loss.parse("cross-entropy")).isEqualTo(new Loss.CrossEntropy(0));
        assertThat(Loss.parse("cross-entropy,smoothing=0.2")).isEqualTo(new Loss.CrossEntropy(0.2));
        assertThat(Loss.parse("mse")).isEqualTo(new Loss.MeanSquaredError());
        assertThat(Loss.parse("hinge")).isEqualTo(new Loss.SquareHinge());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "mae|\"mae\" is not known; it must look like cross-entropy,",
                "''|\"\" is not known",
                "mse,smoothing=0.1|\"smoothing\" is not known here; there are no options",
                "hinge,margin=2|\"margin\" is not known here; there are no options",
                "cross-entropy,smoothing=1|smoothing is 1.0, but must be from 0 to below 1",
                "cross-entropy,smoothing=NaN|smoothing is NaN",
                "cross-entropy,smoothing=some|\"smoothing=some\" is not a number"
            })
    void refusesOtherForms(String text, String reason) {
        assertThatThrownBy(() -> Loss.parse(text))
                .isInstanceOf(MorulaException.class)
                .hasMessageContaining(reason);
    }

    @Test
    void onlyAHingeOfTwoClassesTakesOneOutput() {
        assertThat(Loss.parse("hinge").outputs(2)).isEqualTo(1);
        assertThat(Loss.parse("hinge").outputs(3)).isEqualTo(3);
        assertThat(Loss.parse("hinge").outputs(1)).isEqualTo(1);
        assertThat(Loss.parse("mse").outputs(2)).isEqualTo(2);
        assertThat(Loss.parse("cross-entropy").outputs(10)).isEqualTo(10);
    }

    /** Loss and gradient that PyTorch computed in float64, by a batch in a larger operation. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "cross-entropy|",
                "cross-entropy,smoothing=0.1|",
                "mse|",
                "hinge|",
                "hinge|single.",
            })
    void agreesWithPyTorch(String text, String prefix) {
        String before = prefix == null ? "" : prefix;
        double[][] expected = PyTorchGolden.values(before + text + ".gradient");
        try (Kernels kernels = Kernels.cpu();
                LossOperation operation = new LossOperation(kernels, Loss.parse(text), 11);
                Matrix out = PyTorchGolden.tensor(before + "out");
                Matrix labels = PyTorchGolden.tensor(before + "labels");
                Matrix dout = Floats.zeros(out.rows(), out.columns())) {
            TrainingStep.Outcome outcome = operation.of(dout, out, labels);
            double loss = PyTorchGolden.values(before + text + ".loss")[0][0];
            assertThat(outcome.loss() / 7).isCloseTo(loss, within(1e-6));
            for (int row = 0; row < 7; row++) {
                assertThat(Floats.doubles(dout)[row]).containsExactly(expected[row], within(1e-7));
            }
        }
    }

    @Test
    void countsWrongPredictions() {
        try (Kernels kernels = Kernels.cpu();
                LossOperation operation = new LossOperation(kernels, new Loss.SquareHinge(), 4);
                Matrix out = Matrix.of(new float[][] {{1}, {-1}, {2}});
                Matrix labels = Floats.integers(0, 0, 1)) {
            assertThat(operation.of(null, out, labels).wrong()).isEqualTo(1);
        }
    }
}
