package dev.morula.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.morula.kernel.Block;
import dev.morula.kernel.Kernels;
import dev.morula.kernel.Matrix;
import dev.morula.kernel.Tier;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SgdStepTest {
    private static final double RATE = 0.05;
    private static final double MOMENTUM = 0.9;
    private static final double DECAY = 5e-3;

    @ParameterizedTest
    @MethodSource("dev.morula.kernel.Tiers#available")
    void followsPyTorchsDefinitionInsideTheBlockAndTouchesNothingElse(Tier tier) {
        for (Block block : new Block[] {new Block(0, 1, 0, 1), new Block(1, 3, 2, 17), new Block(0, 7, 0, 129)}) {
            try (Kernels kernels = Kernels.cpu(tier)) {
                check(kernels, block);
            }
        }
    }

    private static void check(Kernels kernels, Block block) {
        Random random = new Random(1);
        try (Matrix parameter = Floats.random(7, 129, random);
                Matrix velocity = Floats.random(7, 129, random);
                Matrix gradient = Floats.random((int) block.rows(), (int) block.columns(), random)) {
            double[][] p = Floats.doubles(parameter);
            double[][] v = Floats.doubles(velocity);
            double[][] g = Floats.doubles(gradient);
            for (int step = 0; step < 3; step++) {
                kernels.optimizers().sgdStep(parameter, velocity, gradient, RATE, MOMENTUM, DECAY, block);
                reference(p, v, g, block);
            }
            assertClose(parameter, p);
            assertClose(velocity, v);
        }
    }

    private static void reference(double[][] p, double[][] v, double[][] g, Block block) {
        for (int row = 0; row < block.rows(); row++) {
            for (int column = 0; column < block.columns(); column++) {
                int r = (int) block.firstRow() + row;
                int c = (int) block.firstColumn() + column;
                v[r][c] = MOMENTUM * v[r][c] + g[row][column] + DECAY * p[r][c];
                p[r][c] -= RATE * v[r][c];
            }
        }
    }

    private static void assertClose(Matrix actual, double[][] expected) {
        double[][] values = Floats.doubles(actual);
        for (int row = 0; row < values.length; row++) {
            for (int column = 0; column < values[row].length; column++) {
                assertThat(values[row][column]).isCloseTo(expected[row][column], within(3e-6));
            }
        }
    }
}
