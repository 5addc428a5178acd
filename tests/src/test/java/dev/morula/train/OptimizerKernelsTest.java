package dev.morula.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.morula.kernel.AdamRule;
import dev.morula.kernel.Backend;
import dev.morula.kernel.Block;
import dev.morula.kernel.Kernels;
import dev.morula.kernel.Matrix;
import dev.morula.kernel.OptimizerKernels.Step;
import dev.morula.kernel.SgdRule;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.Stream;
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
                (kernels, p, first, second, g, block, step) -> sgd(kernels, p, null, g, rule, block),
                (p, first, second, i, g, step) -> p[i] -= RATE * (g + DECAY * p[i]));
    }

    @ParameterizedTest
    @MethodSource("dev.morula.kernel.Backends#available")
    void momentumIsPyTorchs(Backend backend) {
        SgdRule rule = new SgdRule(RATE, MOMENTUM, DECAY, false);
        check(
                backend,
                (kernels, p, velocity, second, g, block, step) -> sgd(kernels, p, velocity, g, rule, block),
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
                (kernels, p, velocity, second, g, block, step) -> sgd(kernels, p, velocity, g, rule, block),
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
                        .adamSteps(
                                List.of(new Step(p, mean, square, g, block)),
                                new AdamRule(RATE, 0.9, 0.999, 1e-8, DECAY, false, step)),
                (p, mean, square, i, g, step) -> adam(p, mean, square, i, g + DECAY * p[i], step));
    }

    @ParameterizedTest
    @MethodSource("dev.morula.kernel.Backends#available")
    void adamWIsPyTorchs(Backend backend) {
        check(
                backend,
                (kernels, p, mean, square, g, block, step) -> kernels.optimizers()
                        .adamSteps(
                                List.of(new Step(p, mean, square, g, block)),
                                new AdamRule(RATE, 0.9, 0.999, 1e-8, DECAY, true, step)),
                (p, mean, square, i, g, step) -> {
                    p[i] *= 1 - RATE * DECAY;
                    adam(p, mean, square, i, g, step);
                });
    }

    private static void sgd(Kernels kernels, Matrix p, Matrix velocity, Matrix g, SgdRule rule, Block block) {
        kernels.optimizers().sgdSteps(List.of(new Step(p, velocity, null, g, block)), rule);
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
                sgd(kernels, descended, null, gradient, new SgdRule(RATE, 0, 0, false), block);
                AdamRule rule = new AdamRule(RATE, 0.9, 0.999, 1e-8, 0, false, 1);
                kernels.optimizers().adamSteps(List.of(new Step(adapted, velocity, square, gradient, block)), rule);
                assertThat(Float.isFinite(descended.row(0)[0])).isFalse();
                assertThat(Float.isFinite(adapted.row(0)[0])).isFalse();
            }
        }
    }

    /** Parameters that are stepped together become what they become alone, whether the device has room for all or not. */
    @ParameterizedTest
    @MethodSource("dev.morula.kernel.Backends#available")
    void stepsTogetherAreThoseAlone(Backend backend) {
        try (Kernels kernels = backend.open();
                Kernels small =
                        backend.tier() == null ? Kernels.cuda(0, 7 * ROWS * COLUMNS * Float.BYTES) : backend.open()) {
            AdamRule rule = new AdamRule(RATE, 0.9, 0.999, 1e-8, DECAY, false, 2);
            double[][][] alone =
                    stepped(steps -> steps.forEach(step -> kernels.optimizers().adamSteps(List.of(step), rule)));
            assertThat(stepped(steps -> kernels.optimizers().adamSteps(steps, rule)))
                    .isDeepEqualTo(alone);
            assertThat(stepped(steps -> small.optimizers().adamSteps(steps, rule)))
                    .isDeepEqualTo(alone);
        }
    }

    /** What five parameters of one row more each become, and what is remembered of them. */
    private static double[][][] stepped(Consumer<List<Step>> optimizer) {
        Random random = new Random(3);
        List<Step> steps = new ArrayList<>();
        for (int rows = 1; rows <= 5; rows++) {
            steps.add(new Step(
                    Floats.random(rows, COLUMNS, random),
                    Floats.random(rows, COLUMNS, random),
                    Floats.zeros(rows, COLUMNS),
                    Floats.random(rows, COLUMNS, random),
                    Block.whole(rows, COLUMNS)));
        }
        optimizer.accept(steps);
        return steps.stream()
                .flatMap(step -> Stream.of(step.parameter(), step.first(), step.second()))
                .map(Floats::doubles)
                .toArray(double[][][]::new);
    }

    @Test
    void refusesWhatDoesNotFit() {
        try (Kernels kernels = Kernels.cpu();
                Matrix parameter = Floats.zeros(3, 5);
                Matrix other = Floats.zeros(5, 3)) {
            SgdRule rule = new SgdRule(RATE, MOMENTUM, 0, false);
            Block whole = Block.whole(3, 5);
            assertThatThrownBy(() -> sgd(kernels, parameter, other, parameter, rule, whole))
                    .hasMessageContaining("what the optimiser remembers is 5 x 3 F32, not 3 x 5 F32");
            assertThatThrownBy(() -> sgd(kernels, parameter, null, parameter, rule, whole))
                    .hasMessageContaining("a momentum of 0.9 needs a velocity");
            for (Block block : List.of(new Block(1, 3, 0, 5), new Block(0, 3, 3, 3))) {
                assertThatThrownBy(() -> sgd(kernels, parameter, parameter, other, rule, block))
                        .hasMessageContaining("leaves a parameter of 3 x 5");
            }
            assertThatThrownBy(() -> new AdamRule(RATE, 0.9, 0.999, 1e-8, 0, false, 0))
                    .hasMessage("steps are counted from 1, this is 0");
        }
    }
}
