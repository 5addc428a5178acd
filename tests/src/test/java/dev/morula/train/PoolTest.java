package dev.morula.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.morula.kernel.Backend;
import dev.morula.kernel.Kernels;
import dev.morula.kernel.Matrix;
import dev.morula.kernel.PoolWindows;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the pooling kernels do where a definition in numbers leaves it open; OperationsTest compares the rest. */
@Tag("device")
class PoolTest {
    private static final PoolWindows TWO_BY_TWO = new PoolWindows(1, 2, 2, 2, 2, 2, 0);

    @ParameterizedTest
    @MethodSource("dev.morula.kernel.Backends#available")
    void theFirstOfEqualMaximaTakesTheGradient(Backend backend) {
        assertThat(gradient(backend, 1, 3, 3, 2)).containsExactly(0, 7, 0, 0);
        assertThat(gradient(backend, 0, 0, 0, 0)).containsExactly(7, 0, 0, 0);
        float lowest = Float.NEGATIVE_INFINITY;
        assertThat(gradient(backend, lowest, lowest, lowest, lowest)).containsExactly(7, 0, 0, 0);
    }

    @ParameterizedTest
    @MethodSource("dev.morula.kernel.Backends#available")
    void notANumberIsTheLargest(Backend backend) {
        for (int place = 0; place < 4; place++) {
            float[] values = {1, 4, 2, 3};
            values[place] = Float.NaN;
            float[] expected = new float[4];
            expected[place] = 7;
            assertThat(gradient(backend, values)).containsExactly(expected);
        }
    }

    /** The gradient of a 2 x 2 image whose pooled number has the gradient 7. */
    private static float[] gradient(Backend backend, float... image) {
        try (Kernels kernels = backend.open();
                Matrix inp = Floats.zeros(4, 1);
                Matrix out = Floats.zeros(1, 1);
                Matrix dout = Matrix.of(new float[][] {{7}});
                Matrix dinp = Floats.zeros(4, 1)) {
            inp.write(0, image, 0, 4);
            kernels.layers().maxPool(out, inp, TWO_BY_TWO, 0, 1);
            kernels.layers().maxPoolBackward(dinp, dout, inp, out, TWO_BY_TWO, 0, 1);
            float[] gradient = new float[4];
            dinp.read(0, gradient, 0, 4);
            return gradient;
        }
    }

    @ParameterizedTest
    @MethodSource("dev.morula.kernel.Backends#available")
    void writesNothingOutsideItsSamples(Backend backend) {
        try (Kernels kernels = backend.open();
                Matrix inp = Matrix.of(new float[][] {{1}, {1}, {1}, {1}, {2}, {2}, {2}, {2}, {3}, {3}, {3}, {3}});
                Matrix out = Floats.zeros(3, 1)) {
            kernels.layers().maxPool(out, inp, TWO_BY_TWO, 1, 1);
            assertThat(Floats.doubles(out)).isDeepEqualTo(new double[][] {{0}, {2}, {0}});
            kernels.layers().averagePoolBackward(inp, out, TWO_BY_TWO, 1, 1);
            assertThat(inp.row(3)[0]).isEqualTo(1);
            assertThat(inp.row(4)[0]).isEqualTo(0.5f);
            assertThat(inp.row(8)[0]).isEqualTo(3);
        }
    }

    @Test
    void refusesMatricesAndWindowsThatDoNotFit() {
        PoolWindows padded = new PoolWindows(1, 2, 2, 2, 2, 4, 2);
        try (Kernels kernels = Kernels.cpu();
                Matrix inp = Floats.zeros(4, 1)) {
            assertThatThrownBy(() -> kernels.layers().maxPool(inp, inp, TWO_BY_TWO, 0, 1))
                    .hasMessageContaining("out is 4 x 1 F32, not 1 x 1 F32");
            assertThatThrownBy(() -> kernels.layers().maxPool(inp, inp, padded, 0, 1))
                    .hasMessageContaining("windows of 2 x 2, 4 apart with padding 2, do not fit images of 2 x 2");
        }
    }
}
