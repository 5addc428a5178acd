package dev.morula.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.morula.kernel.Backend;
import dev.morula.kernel.Kernels;
import dev.morula.kernel.LayerKernels.ResponseRule;
import dev.morula.kernel.Matrix;
import dev.morula.network.LocalResponseNorm;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Local response normalisation of every backend, forward and backward, against its definition in float64. */
@Tag("device")
class LocalResponseNormTest {
    private static final LocalResponseNorm[] LAYERS = {
        new LocalResponseNorm(5, 1e-4, 0.75, 2), // AlexNet's
        new LocalResponseNorm(5, 1e-4, 0.75, 1), // PyTorch's defaults
        new LocalResponseNorm(1, 0.5, 0.5, 1),
        new LocalResponseNorm(4, 0.5, 0.9, 1.5),
        new LocalResponseNorm(9, 3, 0.75, 1)
    };

    @ParameterizedTest
    @MethodSource("dev.morula.kernel.Backends#available")
    void isTheDefinitionAndItsSlope(Backend backend) {
        try (Kernels kernels = backend.open()) {
            for (LocalResponseNorm layer : LAYERS) {
                for (int channels : new int[] {1, 2, 5, 17, 67, 129}) {
                    check(kernels, layer, 3, channels);
                }
            }
        }
    }

    private static void check(Kernels kernels, LocalResponseNorm layer, int rows, int channels) {
        Random random = new Random(channels);
        ResponseRule rule = new ResponseRule(layer.size(), layer.alpha(), layer.beta(), layer.bias());
        try (Matrix inp = Floats.random(rows, channels, random);
                Matrix dout = Floats.random(rows, channels, random);
                Matrix out = Floats.zeros(rows, channels);
                Matrix dinp = Floats.zeros(rows, channels);
                Matrix workspace = Floats.zeros(2, channels)) {
            kernels.layers().localResponseNorm(out, inp, rule, 1, rows - 1);
            kernels.layers().localResponseNormBackward(dinp, workspace, dout, inp, rule, 1, rows - 1);
            assertThat(out.row(0)).containsOnly(0); // not asked for
            assertThat(dinp.row(0)).containsOnly(0);
            double[][] x = Floats.doubles(inp);
            double[][] dy = Floats.doubles(dout);
            double[][] y = DoubleLayers.localResponseNorm(x, layer);
            for (int row = 1; row < rows; row++) {
                for (int c = 0; c < channels; c++) {
                    assertThat((double) out.row(row)[c]).isCloseTo(y[row][c], within(2e-6));
                    double slope = DoubleLayers.slope(m -> DoubleLayers.localResponseNorm(m, layer), x, dy, x[row], c);
                    assertThat((double) dinp.row(row)[c]).as("%s, %d", layer, c).isCloseTo(slope, within(4e-6));
                }
            }
        }
    }

    @Test
    void refusesMatricesThatDoNotFit() {
        try (Kernels kernels = Kernels.cpu();
                Matrix inp = Floats.zeros(2, 3);
                Matrix out = Floats.zeros(2, 4)) {
            ResponseRule rule = new ResponseRule(5, 1, 1, 1);
            assertThatThrownBy(() -> kernels.layers().localResponseNorm(out, inp, rule, 0, 2))
                    .hasMessageContaining("out is 2 x 4 F32, not 2 x 3 F32");
            assertThatThrownBy(() -> kernels.layers().localResponseNorm(inp, inp, new ResponseRule(0, 1, 1, 1), 0, 2))
                    .hasMessageContaining("a size of 0 and 3 channels, but there is 1 at least");
        }
    }
}
