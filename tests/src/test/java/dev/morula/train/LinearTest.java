package dev.morula.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.morula.kernel.Activation;
import dev.morula.kernel.Backend;
import dev.morula.kernel.Block;
import dev.morula.kernel.Kernels;
import dev.morula.kernel.Matrix;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The linear kernels of every backend against the definition in float64, over odd sizes and any cut into blocks. */
@Tag("device")
class LinearTest {
    /** batch, inputs, outputs. */
    private static final int[][] SIZES = {
        {1, 1, 1},
        {1, 17, 3},
        {2, 3, 129},
        {3, 129, 2},
        {17, 2, 1},
        {17, 33, 65},
        {129, 17, 31},
        {128, 130, 257},
        {67, 600, 70},
        {300, 75, 67},
        {65, 64, 531} // beyond the chunks of avx512's and amx's products, each way
    };

    /** Into one block and into several. */
    private static final int[] PARTS = {1, 3};

    /** Rounding, relative to a term. */
    private static final double FLOAT32 = 4e-7;

    /** Of three products of bfloat16, relative to a term: low low and two rests. */
    private static final double LEFT_OUT_BY_TILES = 3 * 0x1p-16;

    private static double ofGradients(Backend backend) {
        return FLOAT32 + (backend.leavesOutSmallProducts() ? LEFT_OUT_BY_TILES : 0);
    }

    @ParameterizedTest
    @MethodSource("dev.morula.kernel.Backends#available")
    void forwardIsTheDefinition(Backend backend) {
        forEachSize(backend, (kernels, c) -> {
            for (Activation activation : Activation.values()) {
                try (Matrix out = Floats.zeros(c.batch, c.outputs)) {
                    for (Block block : Block.split(c.batch, c.outputs, c.parts, 1 << 16)) {
                        kernels.products().linearForward(out, c.inp, c.weight, c.bias, activation, block);
                    }
                    double[][] expected = c.sums();
                    for (double[] row : expected) {
                        for (int o = 0; o < row.length; o++) {
                            row[o] = activation == Activation.RELU ? Math.max(0, row[o]) : row[o];
                        }
                    }
                    assertClose(FLOAT32, out, expected, c.inputs + 1);
                }
            }
        });
    }

    @ParameterizedTest
    @MethodSource("dev.morula.kernel.Backends#available")
    void weightGradientIsTheDefinition(Backend backend) {
        forEachSize(backend, (kernels, c) -> {
            double[][] dout = Floats.doubles(c.dout);
            double[][] inp = Floats.doubles(c.inp);
            for (Block block : Block.split(c.outputs, c.inputs, c.parts, 1 << 16)) {
                try (Matrix dweight = Floats.zeros(block.rows(), block.columns());
                        Matrix dbias = Floats.zeros(1, block.rows())) {
                    kernels.products().linearBackwardWeight(dweight, dbias, c.dout, c.inp, block);
                    double[][] expected = new double[(int) block.rows()][(int) block.columns()];
                    double[][] expectedBias = new double[1][(int) block.rows()];
                    for (int b = 0; b < c.batch; b++) {
                        for (int row = 0; row < block.rows(); row++) {
                            double slope = dout[b][(int) block.firstRow() + row];
                            expectedBias[0][row] += block.firstColumn() == 0 ? slope : 0;
                            for (int column = 0; column < block.columns(); column++) {
                                expected[row][column] += slope * inp[b][(int) block.firstColumn() + column];
                            }
                        }
                    }
                    assertClose(ofGradients(backend), dweight, expected, c.batch);
                    assertClose(FLOAT32, dbias, expectedBias, c.batch);
                }
            }
        });
    }

    @ParameterizedTest
    @MethodSource("dev.morula.kernel.Backends#available")
    void inputGradientIsTheDefinition(Backend backend) {
        forEachSize(backend, (kernels, c) -> {
            double[][] dout = Floats.doubles(c.dout);
            double[][] weight = Floats.doubles(c.weight);
            double[][] inp = Floats.doubles(c.inp);
            for (Activation activation : Activation.values()) {
                try (Matrix dinp = Floats.zeros(c.batch, c.inputs)) {
                    for (Block block : Block.split(c.batch, c.inputs, c.parts, 1 << 16)) {
                        kernels.products().linearBackwardInput(dinp, c.dout, c.weight, c.inp, activation, block);
                    }
                    double[][] expected = new double[c.batch][c.inputs];
                    for (int b = 0; b < c.batch; b++) {
                        for (int i = 0; i < c.inputs; i++) {
                            boolean masked = activation == Activation.RELU && inp[b][i] <= 0;
                            for (int o = 0; o < c.outputs && !masked; o++) {
                                expected[b][i] += dout[b][o] * weight[o][i];
                            }
                        }
                    }
                    assertClose(ofGradients(backend), dinp, expected, c.outputs);
                }
            }
        });
    }

    @ParameterizedTest
    @MethodSource("dev.morula.kernel.Backends#available")
    void writesNothingOutsideItsBlock(Backend backend) {
        try (Kernels kernels = backend.open();
                Case c = new Case(5, 40, 40, 1);
                Matrix out = Floats.zeros(5, 40)) {
            kernels.products().linearForward(out, c.inp, c.weight, c.bias, Activation.IDENTITY, new Block(1, 3, 7, 21));
            double[][] values = Floats.doubles(out);
            for (int b = 0; b < 5; b++) {
                for (int o = 0; o < 40; o++) {
                    boolean inside = b >= 1 && b < 4 && o >= 7 && o < 28;
                    assertThat(values[b][o] != 0).as("%d, %d", b, o).isEqualTo(inside);
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("dev.morula.kernel.Backends#available")
    void reluLetsNotANumberThrough(Backend backend) {
        try (Kernels kernels = backend.open();
                Matrix inp = Matrix.of(new float[][] {{Float.NaN}});
                Matrix weight = Floats.random(33, 1, new Random(1));
                Matrix bias = Floats.zeros(1, 33);
                Matrix out = Floats.zeros(1, 33)) {
            kernels.products().linearForward(out, inp, weight, bias, Activation.RELU, Block.whole(1, 33));
            for (float value : out.row(0)) {
                assertThat(value).isNaN();
            }
        }
    }

    /** Also the largest number, which has no bfloat16, and in the second chunk of the inner dimension. */
    @ParameterizedTest
    @MethodSource("dev.morula.kernel.Backends#available")
    void whatIsNotFiniteComesThrough(Backend backend) {
        for (float odd : new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, Float.MAX_VALUE}) {
            for (int at : new int[] {7 * 300 + 5, 69 * 300 + 290}) {
                assertComesThrough(backend, at, odd, 1);
                assertComesThrough(backend, at, 1, odd);
            }
        }
    }

    /** As a factor of the input's gradient; {@code at} counts the elements of a 70 x 300 matrix. */
    private static void assertComesThrough(Backend backend, int at, float inGradient, float inWeight) {
        int sample = at / 300;
        int output = at % 300;
        try (Kernels kernels = backend.open();
                Case c = new Case(70, 75, 300, 1);
                Matrix dinp = Floats.zeros(70, 75)) {
            c.dout.write(at, new float[] {inGradient}, 0, 1);
            c.weight.write(output * 75L + sample, new float[] {inWeight}, 0, 1);
            kernels.products()
                    .linearBackwardInput(dinp, c.dout, c.weight, c.inp, Activation.IDENTITY, Block.whole(70, 75));
            double[][] dout = Floats.doubles(c.dout);
            double[][] weight = Floats.doubles(c.weight);
            for (int b = 0; b < 70; b++) {
                for (int i = 0; i < 75; i++) {
                    double sum = 0;
                    for (int o = 0; o < 300; o++) {
                        sum += dout[b][o] * weight[o][i];
                    }
                    assertThat(outcome(dinp.row(b)[i]))
                            .as("%s, %s at %d: %d, %d", inGradient, inWeight, at, b, i)
                            .isEqualTo(outcome((float) sum));
                }
            }
        }
    }

    private static String outcome(float value) {
        return Float.isFinite(value) ? "finite" : Float.toString(value);
    }

    @Test
    void refusesMatricesAndBlocksThatDoNotFit() {
        try (Kernels kernels = Kernels.cpu();
                Case c = new Case(2, 3, 4, 1);
                Matrix out = Floats.zeros(2, 4)) {
            assertThatThrownBy(() -> kernels.products()
                            .linearForward(out, c.inp, c.inp, c.bias, Activation.RELU, Block.whole(2, 4)))
                    .hasMessageContaining("weight is 2 x 3 F32, not 4 x 3 F32");
            assertThatThrownBy(() -> kernels.products()
                            .linearForward(out, c.inp, c.weight, c.bias, Activation.RELU, new Block(0, 2, 3, 2)))
                    .hasMessageContaining("2 columns from 3 leave a matrix of 2 x 4");
        }
    }

    private interface Check {
        void run(Kernels kernels, Case sizes);
    }

    private static void forEachSize(Backend backend, Check check) {
        try (Kernels kernels = backend.open()) {
            for (int[] size : SIZES) {
                for (int parts : PARTS) {
                    try (Case sizes = new Case(size[0], size[1], size[2], parts)) {
                        check.run(kernels, sizes);
                    }
                }
            }
        }
    }

    /**
     * A sum of {@code terms} products of standard normal numbers, rounded {@code terms} times. What is left out of a
     * product on tiles is a share of it (native/src/train/README.md), and the products' absolute sum, which is 0.64 a term
     * on average, is below {@code terms + 4} whenever there are as many as take tiles.
     */
    private static void assertClose(double relative, Matrix actual, double[][] expected, int terms) {
        double tolerance = relative * (terms + 4);
        double[][] values = Floats.doubles(actual);
        for (int row = 0; row < expected.length; row++) {
            for (int column = 0; column < expected[row].length; column++) {
                assertThat(values[row][column])
                        .as("%d, %d", row, column)
                        .isCloseTo(expected[row][column], within(tolerance));
            }
        }
    }

    private static final class Case implements AutoCloseable {
        private final int batch;
        private final int inputs;
        private final int outputs;
        private final int parts;
        private final Matrix inp;
        private final Matrix weight;
        private final Matrix bias;
        private final Matrix dout;

        Case(int batch, int inputs, int outputs, int parts) {
            Random random = new Random(batch + 1000 * inputs + 1_000_000 * outputs);
            this.batch = batch;
            this.inputs = inputs;
            this.outputs = outputs;
            this.parts = parts;
            inp = Floats.random(batch, inputs, random);
            weight = Floats.random(outputs, inputs, random);
            bias = Floats.random(1, outputs, random);
            dout = Floats.random(batch, outputs, random);
        }

        double[][] sums() {
            double[][] x = Floats.doubles(inp);
            double[][] w = Floats.doubles(weight);
            double[][] sums = new double[batch][outputs];
            for (int b = 0; b < batch; b++) {
                for (int o = 0; o < outputs; o++) {
                    sums[b][o] = bias.row(0)[o];
                    for (int i = 0; i < inputs; i++) {
                        sums[b][o] += x[b][i] * w[o][i];
                    }
                }
            }
            return sums;
        }

        @Override
        public void close() {
            List.of(inp, weight, bias, dout).forEach(Matrix::close);
        }
    }
}
