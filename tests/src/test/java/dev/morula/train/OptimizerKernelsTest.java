package dev.morula.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.morula.kernel.AdamRule;
import dev.morula.kernel.Backend;
import dev.morula.kernel.Block;
import dev.morula.kernel.Kernels;
import dev.morula.kernel.Matrix;
import dev.morula.kernel.SgdRule;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Several steps of every optimiser, in every backend, on blocks of a parameter, against PyTorch's formulas in float64. */
@Tag("device")
class OptimizerKernelsTest {
    private static final int ROWS = 7;
    private static final int COLUMNS = 129;
    private static final int STEPS = 5;
    private static final double RATE = 0.05;
    private static final double MOMENTUM = 0.9;
    private static final double DECAY = 5e-3;

    /** One element, one inside, one row, one column, all. */
    private static final List<Block> BLOCKS = List.of(
            new Block(0, 1, 0, 1),
            new Block(1, 3, 2, 17),
            new Block(6, 1, 0, COLUMNS),
            new Block(0, ROWS, 128, 1),
            Block.whole(ROWS, COLUMNS));

    /** What a parameter, what is remembered of it and its gradient are; one element of each. */
    private interface Definition {
        void step(double[] p, double[] first, double[] second, int i, double gradient, int step);
    }

    private interface Kernel {
        void step(Kernels kernels, Matrix p, Matrix first, Matrix second, Matrix gradient, Block block, int step);
    }

    @ParameterizedTest
    @MethodSource("dev.morula.kernel.Backends#available")
    void descentIsPyTorchs(Backend backend) {
        SgdRule rule = new SgdRule(RATE, 0, DECAY, false);
        check(
                backend,
                (kernels, p, first, second, g, block, step) ->
                        kernels.optimizers().sgdStep(p, null, g, rule, block),
                (p, first, second, i, g, step) -> p[i] -= RATE * (g + DECAY * p[i]));
    }

    @ParameterizedTest
    @MethodSource("dev.morula.kernel.Backends#available")
    void momentumIsPyTorchs(Backend backend) {
        SgdRule rule = new SgdRule(RATE, MOMENTUM, DECAY, false);
        check(
                backend,
                (kernels, p, velocity, second, g, block, step) ->
                        kernels.optimizers().sgdStep(p, velocity, g, rule, block),
                (p, velocity, second, i, g, step) -> {
                    velocity[i] = MOMENTUM * velocity[i] + g + DECAY * p[i];
                    p[i] -= RATE * velocity[i];
                });
    }

    @ParameterizedTest
    @MethodSource("dev.morula.kernel.Backends#available")
    void nesterovsMomentumIsPyTorchs(Backend backend) {
        SgdRule rule = new SgdRule(RATE, MOMENTUM, DECAY, true);
        check(
                backend,
                (kernels, p, velocity, second, g, block, step) ->
                        kernels.optimizers().sgdStep(p, velocity, g, rule, block),
                (p, velocity, second, i, g, step) -> {
                    double slope = g + DECAY * p[i];
                    velocity[i] = MOMENTUM * velocity[i] + slope;
                    p[i] -= RATE * (slope + MOMENTUM * velocity[i]);
                });
    }

    @ParameterizedTest
    @MethodSource("dev.morula.kernel.Backends#available")
    void adamIsPyTorchs(Backend backend) {
        check(
                backend,
                (kernels, p, mean, square, g, block, step) -> kernels.optimizers()
                        .adamStep(p, mean, square, g, new AdamRule(RATE, 0.9, 0.999, 1e-8, DECAY, false, step), block),
                (p, mean, square, i, g, step) -> adam(p, mean, square, i, g + DECAY * p[i], step));
    }

    @ParameterizedTest
    @MethodSource("dev.morula.kernel.Backends#available")
    void adamWIsPyTorchs(Backend backend) {
        check(
                backend,
                (kernels, p, mean, square, g, block, step) -> kernels.optimizers()
                        .adamStep(p, mean, square, g, new AdamRule(RATE, 0.9, 0.999, 1e-8, DECAY, true, step), block),
                (p, mean, square, i, g, step) -> {
                    p[i] *= 1 - RATE * DECAY;
                    adam(p, mean, square, i, g, step);
                });
    }

    private static void adam(double[] p, double[] mean, double[] square, int i, double slope, int step) {
        mean[i] = 0.9 * mean[i] + (1 - 0.9) * slope;
        square[i] = 0.999 * square[i] + (1 - 0.999) * slope * slope;
        double rate = RATE / (1 - Math.pow(0.9, step));
        double root = Math.sqrt(square[i]) / Math.sqrt(1 - Math.pow(0.999, step));
        p[i] -= rate * mean[i] / (root + 1e-8);
    }

    private static void check(Backend backend, Kernel kernel, Definition definition) {
        try (Kernels kernels = backend.open()) {
            BLOCKS.forEach(block -> check(kernels, block, kernel, definition));
        }
    }

    private static void check(Kernels kernels, Block block, Kernel kernel, Definition definition) {
        Random random = new Random(1);
        try (Matrix parameter = Floats.random(ROWS, COLUMNS, random);
                Matrix first = Floats.zeros(ROWS, COLUMNS);
                Matrix second = Floats.zeros(ROWS, COLUMNS)) {
            double[][] p = Floats.doubles(parameter);
            double[][] a = Floats.doubles(first);
            double[][] b = Floats.doubles(second);
            for (int step = 1; step <= STEPS; step++) {
                try (Matrix gradient = Floats.random((int) block.rows(), (int) block.columns(), random)) {
                    kernel.step(kernels, parameter, first, second, gradient, block, step);
                    double[][] g = Floats.doubles(gradient);
                    for (int row = 0; row < g.length; row++) {
                        int r = (int) block.firstRow() + row;
                        for (int column = 0; column < g[row].length; column++) {
                            int c = (int) block.firstColumn() + column;
                            definition.step(p[r], a[r], b[r], c, g[row][column], step);
                        }
                    }
                }
            }
            assertClose(parameter, p);
            assertClose(first, a);
            assertClose(second, b);
        }
    }

    /** Each step rounds numbers of up to 16 some five times. */
    private static void assertClose(Matrix actual, double[][] expected) {
        double[][] values = Floats.doubles(actual);
        for (int row = 0; row < values.length; row++) {
            for (int column = 0; column < values[row].length; column++) {
                assertThat(values[row][column])
                        .as("%d, %d", row, column)
                        .isCloseTo(
                                expected[row][column],
                                within(STEPS * 5 * 0x1p-24 * (1 + Math.abs(expected[row][column]))));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("dev.morula.kernel.Backends#available")
    void aGradientThatIsNotFiniteShows(Backend backend) {
        for (float bad : new float[] {Float.NaN, Float.POSITIVE_INFINITY}) {
            try (Kernels kernels = backend.open();
                    Matrix gradient = Matrix.of(new float[][] {{bad}});
                    Matrix descended = Floats.zeros(1, 1);
                    Matrix adapted = Floats.zeros(1, 1);
                    Matrix velocity = Floats.zeros(1, 1);
                    Matrix square = Floats.zeros(1, 1)) {
                Block block = Block.whole(1, 1);
                kernels.optimizers().sgdStep(descended, null, gradient, new SgdRule(RATE, 0, 0, false), block);
                AdamRule rule = new AdamRule(RATE, 0.9, 0.999, 1e-8, 0, false, 1);
                kernels.optimizers().adamStep(adapted, velocity, square, gradient, rule, block);
                assertThat(Float.isFinite(descended.row(0)[0])).isFalse();
                assertThat(Float.isFinite(adapted.row(0)[0])).isFalse();
            }
        }
    }

    @Test
    void refusesWhatDoesNotFit() {
        try (Kernels kernels = Kernels.cpu();
                Matrix parameter = Floats.zeros(3, 5);
                Matrix other = Floats.zeros(5, 3)) {
            SgdRule rule = new SgdRule(RATE, MOMENTUM, 0, false);
            Block whole = Block.whole(3, 5);
            assertThatThrownBy(() -> kernels.optimizers().sgdStep(parameter, other, parameter, rule, whole))
                    .hasMessageContaining("what the optimiser remembers is 5 x 3 F32, not 3 x 5 F32");
            assertThatThrownBy(() -> kernels.optimizers().sgdStep(parameter, null, parameter, rule, whole))
                    .hasMessageContaining("a momentum of 0.9 needs a velocity");
            assertThatThrownBy(() ->
                            kernels.optimizers().sgdStep(parameter, parameter, parameter, rule, new Block(1, 3, 0, 5)))
                    .hasMessageContaining("leaves a parameter of 3 rows");
            assertThatThrownBy(() -> new AdamRule(RATE, 0.9, 0.999, 1e-8, 0, false, 0))
                    .hasMessage("steps are counted from 1, this is 0");
        }
    }
}
