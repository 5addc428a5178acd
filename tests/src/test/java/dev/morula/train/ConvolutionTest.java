package dev.morula.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.morula.kernel.Activation;
import dev.morula.kernel.Backend;
import dev.morula.kernel.Block;
import dev.morula.kernel.ConvolutionPass;
import dev.morula.kernel.ConvolutionShape;
import dev.morula.kernel.Kernels;
import dev.morula.kernel.Matrix;
import java.util.List;
import java.util.Random;
import java.util.function.DoubleSupplier;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The convolution kernels of every backend against the definition in float64, and that against central differences. */
@Tag("device")
class ConvolutionTest {
    /** batch, then height, width, inputs, outputs, kernel, stride, padding. */
    private static final int[][] SIZES = {
        {1, 1, 1, 1, 1, 1, 1, 0},
        {2, 1, 7, 3, 2, 1, 1, 0},
        {3, 5, 1, 1, 17, 3, 1, 1},
        {2, 7, 5, 3, 16, 3, 1, 1},
        {2, 8, 8, 64, 64, 3, 1, 1},
        {3, 9, 7, 65, 33, 3, 2, 1},
        {2, 8, 9, 17, 31, 1, 2, 0},
        {1, 6, 6, 2, 3, 1, 1, 2},
        {2, 11, 13, 1, 5, 5, 1, 2},
        {2, 11, 10, 3, 70, 5, 2, 2},
        {3, 6, 7, 5, 40, 2, 1, 0},
        {3, 7, 6, 4, 9, 2, 2, 1},
        {1, 7, 7, 2, 2, 2, 3, 0},
        {1, 13, 37, 3, 65, 3, 1, 0},
        {67, 24, 24, 3, 5, 3, 1, 1} // more images than are framed at a time
    };

    private static final ConvolutionShape SMALL = new ConvolutionShape(4, 5, 2, 3, 3, 2, 1);

    @ParameterizedTest
    @MethodSource("dev.morula.kernel.Backends#available")
    void forwardIsTheDefinition(Backend backend) {
        forEachCase(backend, (kernels, c) -> {
            for (Activation activation : Activation.values()) {
                for (Matrix bias : new Matrix[] {c.bias, null}) {
                    try (Matrix out = Floats.zeros(c.dout.rows(), c.dout.columns())) {
                        for (Block block : c.blocks(c.shape.outputs())) {
                            try (Matrix workspace = c.workspace(kernels, ConvolutionPass.FORWARD, block)) {
                                kernels.products()
                                        .convolutionForward(
                                                out, c.inp, c.weight, bias, c.shape, activation, block, workspace);
                            }
                        }
                        double[][] expected = c.reference(bias).output();
                        for (double[] row : expected) {
                            for (int o = 0; o < row.length; o++) {
                                row[o] = activation == Activation.RELU ? Math.max(0, row[o]) : row[o];
                            }
                        }
                        Floats.assertClose(Floats.doubles(out), expected, c.shape.weightColumns() + 1);
                    }
                }
            }
        });
    }

    @ParameterizedTest
    @MethodSource("dev.morula.kernel.Backends#available")
    void weightGradientIsTheDefinition(Backend backend) {
        forEachCase(backend, (kernels, c) -> {
            double[][] sum = new double[(int) c.shape.outputs()][(int) c.shape.weightColumns()];
            double[][] biasSum = new double[1][(int) c.shape.outputs()];
            for (Block block : c.blocks(c.shape.weightColumns())) {
                try (Matrix dweight = Floats.zeros(c.shape.outputs(), block.columns());
                        Matrix dbias = Floats.zeros(1, c.shape.outputs());
                        Matrix workspace = c.workspace(kernels, ConvolutionPass.BACKWARD_WEIGHT, block)) {
                    kernels.products()
                            .convolutionBackwardWeight(dweight, dbias, c.dout, c.inp, c.shape, block, workspace);
                    add(sum, dweight, (int) block.firstColumn());
                    add(biasSum, dbias, 0);
                }
            }
            double[][] dout = Floats.doubles(c.dout);
            Floats.assertClose(sum, c.reference(null).weightGradient(dout), c.dout.rows());
            Floats.assertClose(biasSum, new double[][] {c.reference(null).biasGradient(dout)}, c.dout.rows());
        });
    }

    @ParameterizedTest
    @MethodSource("dev.morula.kernel.Backends#available")
    void inputGradientIsTheDefinition(Backend backend) {
        forEachCase(backend, (kernels, c) -> {
            try (Matrix dinp = Floats.random((int) c.inp.rows(), (int) c.inp.columns(), new Random(2))) {
                for (Block block : c.blocks(c.shape.inputs())) {
                    try (Matrix workspace = c.workspace(kernels, ConvolutionPass.BACKWARD_INPUT, block)) {
                        kernels.products().convolutionBackwardInput(dinp, c.dout, c.weight, c.shape, block, workspace);
                    }
                }
                long terms = c.shape.outputs() * c.shape.kernel() * c.shape.kernel();
                Floats.assertClose(
                        Floats.doubles(dinp), c.reference(null).inputGradient(Floats.doubles(c.dout)), terms);
            }
        });
    }

    /** The loss is the sum of the outputs times {@code dout}: linear in each number, so that differences are exact. */
    @Test
    void theDefinitionsGradientsAreCentralDifferences() {
        try (Case c = new Case(2, SMALL, 1)) {
            double[][] inp = Floats.doubles(c.inp);
            double[][] weight = Floats.doubles(c.weight);
            double[][] bias = Floats.doubles(c.bias);
            double[][] dout = Floats.doubles(c.dout);
            ReferenceConvolution reference = new ReferenceConvolution(SMALL, inp, weight, bias[0]);
            DoubleSupplier loss = () -> dot(reference.output(), dout);
            assertCentralDifferences(inp, reference.inputGradient(dout), loss);
            assertCentralDifferences(weight, reference.weightGradient(dout), loss);
            assertCentralDifferences(bias, new double[][] {reference.biasGradient(dout)}, loss);
        }
    }

    @ParameterizedTest
    @MethodSource("dev.morula.kernel.Backends#available")
    void writesNothingOutsideItsBlock(Backend backend) {
        ConvolutionShape shape = new ConvolutionShape(3, 4, 40, 40, 3, 1, 1);
        try (Kernels kernels = backend.open();
                Case c = new Case(4, shape, 1);
                Matrix out = Floats.zeros(48, 40);
                Matrix dinp = Floats.zeros(48, 40)) {
            Block block = new Block(1, 2, 7, 21);
            try (Matrix forward = c.workspace(kernels, ConvolutionPass.FORWARD, block);
                    Matrix backward = c.workspace(kernels, ConvolutionPass.BACKWARD_INPUT, block)) {
                kernels.products()
                        .convolutionForward(out, c.inp, c.weight, c.bias, shape, Activation.IDENTITY, block, forward);
                kernels.products().convolutionBackwardInput(dinp, c.dout, c.weight, shape, block, backward);
            }
            for (Matrix written : List.of(out, dinp)) {
                double[][] values = Floats.doubles(written);
                for (int row = 0; row < 48; row++) {
                    for (int column = 0; column < 40; column++) {
                        boolean inside = row >= 12 && row < 36 && column >= 7 && column < 28;
                        assertThat(values[row][column] != 0)
                                .as("%d, %d", row, column)
                                .isEqualTo(inside);
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("dev.morula.kernel.Backends#available")
    void letsNotANumberThrough(Backend backend) {
        ConvolutionShape shape = new ConvolutionShape(3, 3, 1, 33, 3, 1, 1);
        Block block = Block.whole(1, 33);
        try (Kernels kernels = backend.open();
                Case c = new Case(1, shape, 1);
                Matrix out = Floats.zeros(9, 33);
                Matrix workspace = c.workspace(kernels, ConvolutionPass.FORWARD, block)) {
            c.inp.write(4, new float[] {Float.NaN}, 0, 1);
            kernels.products()
                    .convolutionForward(out, c.inp, c.weight, c.bias, shape, Activation.RELU, block, workspace);
            for (int position = 0; position < 9; position++) {
                for (float value : out.row(position)) {
                    assertThat(value).isNaN();
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("dev.morula.kernel.Backends#available")
    void addsPartsInOrder(Backend backend) {
        try (Kernels kernels = backend.open();
                Matrix sums = Floats.random(5, 4099, new Random(1))) {
            double[][] before = Floats.doubles(sums);
            kernels.products().addParts(sums, 3, 4096);
            float[] after = sums.row(0);
            for (int column = 0; column < 4099; column++) {
                float sum = (float) before[0][column];
                for (int part = 1; part < 5 && column >= 3; part++) {
                    sum += (float) before[part][column];
                }
                assertThat(after[column]).isEqualTo(sum);
            }
        }
    }

    @Test
    void refusesWhatDoesNotFit() {
        assertThatThrownBy(() -> new ConvolutionShape(2, 9, 1, 1, 5, 1, 1))
                .hasMessageContaining("a kernel of 5 with stride 1 and padding 1 does not fit 1 x 2 x 9");
        Block block = Block.whole(2, 3);
        try (Kernels kernels = Kernels.cpu();
                Case c = new Case(2, SMALL, 1);
                Matrix workspace = c.workspace(kernels, ConvolutionPass.BACKWARD_INPUT, block);
                Matrix small = Floats.zeros(1, 1)) {
            assertThatThrownBy(() ->
                            kernels.products().convolutionBackwardInput(c.inp, c.dout, c.inp, SMALL, block, workspace))
                    .hasMessageContaining("weight is 40 x 2 F32, not 3 x 18 F32");
            assertThatThrownBy(() -> kernels.products()
                            .convolutionBackwardInput(c.inp, c.inp, c.weight, SMALL, block, workspace))
                    .hasMessageContaining("out is 40 x 2 F32, not 12 x 3 F32");
            assertThatThrownBy(() ->
                            kernels.products().convolutionBackwardInput(c.inp, c.dout, c.weight, SMALL, block, small))
                    .hasMessageContaining("workspace is 1 x 1 F32, not room for");
            assertThatThrownBy(() -> kernels.products()
                            .convolutionBackwardInput(c.inp, c.dout, c.weight, SMALL, block, workspace))
                    .hasMessageContaining("3 columns from 0 leave a batch of 2 and 2 columns");
        }
    }

    private interface Check {
        void run(Kernels kernels, Case sizes);
    }

    /** Every size in one block and in several. */
    private static void forEachCase(Backend backend, Check check) {
        try (Kernels kernels = backend.open()) {
            for (int[] s : SIZES) {
                for (int parts : new int[] {1, 3}) {
                    ConvolutionShape shape = new ConvolutionShape(s[1], s[2], s[3], s[4], s[5], s[6], s[7]);
                    try (Case sizes = new Case(s[0], shape, parts)) {
                        check.run(kernels, sizes);
                    }
                }
            }
        }
    }

    private static void add(double[][] sum, Matrix part, int firstColumn) {
        double[][] values = Floats.doubles(part);
        for (int row = 0; row < values.length; row++) {
            for (int column = 0; column < values[row].length; column++) {
                sum[row][firstColumn + column] += values[row][column];
            }
        }
    }

    private static double dot(double[][] left, double[][] right) {
        double sum = 0;
        for (int row = 0; row < left.length; row++) {
            for (int column = 0; column < left[row].length; column++) {
                sum += left[row][column] * right[row][column];
            }
        }
        return sum;
    }

    private static void assertCentralDifferences(double[][] values, double[][] gradient, DoubleSupplier loss) {
        double step = 1e-3;
        for (int row = 0; row < values.length; row++) {
            for (int column = 0; column < values[row].length; column++) {
                double value = values[row][column];
                values[row][column] = value + step;
                double above = loss.getAsDouble();
                values[row][column] = value - step;
                double below = loss.getAsDouble();
                values[row][column] = value;
                assertThat((above - below) / (2 * step)).isCloseTo(gradient[row][column], within(1e-9));
            }
        }
    }

    private static final class Case implements AutoCloseable {
        private final ConvolutionShape shape;
        private final int batch;
        private final int parts;
        private final Matrix inp;
        private final Matrix weight;
        private final Matrix bias;
        private final Matrix dout;

        Case(int batch, ConvolutionShape shape, int parts) {
            Random random = new Random(shape.hashCode());
            int outputs = (int) shape.outputs();
            this.shape = shape;
            this.batch = batch;
            this.parts = parts;
            inp = Floats.random(batch * (int) shape.inputPositions(), (int) shape.inputs(), random);
            weight = Floats.random(outputs, (int) shape.weightColumns(), random);
            bias = Floats.random(1, outputs, random);
            dout = Floats.random(batch * (int) shape.outputPositions(), outputs, random);
        }

        /** Cut both ways. */
        List<Block> blocks(long columns) {
            List<Block> samples = Block.split(batch, 1, parts, batch);
            return Block.split(1, columns, parts, columns).stream()
                    .flatMap(part -> samples.stream()
                            .map(some -> new Block(some.firstRow(), some.rows(), part.firstColumn(), part.columns())))
                    .toList();
        }

        Matrix workspace(Kernels kernels, ConvolutionPass pass, Block block) {
            return Floats.zeros(1, kernels.products().convolutionWorkspace(pass, shape, block));
        }

        ReferenceConvolution reference(Matrix biases) {
            return new ReferenceConvolution(
                    shape,
                    Floats.doubles(inp),
                    Floats.doubles(weight),
                    biases == null ? null : Floats.doubles(biases)[0]);
        }

        @Override
        public void close() {
            List.of(inp, weight, bias, dout).forEach(Matrix::close);
        }
    }
}
