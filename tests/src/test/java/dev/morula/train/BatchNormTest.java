package dev.morula.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.morula.MorulaException;
import dev.morula.kernel.Activation;
import dev.morula.kernel.Backend;
import dev.morula.kernel.Kernels;
import dev.morula.kernel.Matrix;
import dev.morula.kernel.Workers;
import dev.morula.network.BatchNorm;
import dev.morula.network.ParameterSpec;
import dev.morula.network.Shape;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Batch norm of every backend against its definition in float64, its gradients against central differences. */
@Tag("device")
class BatchNormTest {
    /** rows, channels; the last ones are cut across channels and across rows. */
    private static final int[][] SIZES = {
        {2, 1}, {3, 17}, {7, 1}, {37, 65}, {129, 31}, {5, 1031}, {61, 1117}, {5003, 17}, {521, 131}
    };

    @ParameterizedTest
    @MethodSource("dev.morula.kernel.Backends#available")
    void forwardIsTheDefinition(Backend backend) {
        forEachCase(backend, c -> {
            double[][] x = c.x();
            double[][] mean = Floats.doubles(c.mean.values());
            double[][] variance = Floats.doubles(c.variance.values());
            c.assertClose(
                    c.operation.forward(c.inp, Phase.TRAINING), c.definition().apply(x), 4e-6);
            float[] newMean = c.mean.values().row(0);
            float[] newVariance = c.variance.values().row(0);
            for (int k = 0; k < c.channels; k++) {
                double unbiased = DoubleLayers.squares(x, k) / (c.rows - 1);
                assertThat(newMean[k])
                        .isCloseTo((float) (0.9 * mean[0][k] + 0.1 * DoubleLayers.mean(x, k)), within(1e-6f));
                assertThat(newVariance[k]).isCloseTo((float) (0.9 * variance[0][k] + 0.1 * unbiased), within(1e-6f));
            }
        });
    }

    @ParameterizedTest
    @MethodSource("dev.morula.kernel.Backends#available")
    void evaluationGoesByTheRunningAveragesAndLeavesThem(Backend backend) {
        forEachCase(backend, c -> {
            double[][] expected = c.x();
            float[] scale = c.scale.values().row(0);
            float[] shift = c.shift.values().row(0);
            float[] mean = c.mean.values().row(0);
            float[] variance = c.variance.values().row(0);
            for (double[] row : expected) {
                for (int k = 0; k < c.channels; k++) {
                    row[k] = (row[k] - mean[k]) / Math.sqrt(variance[k] + 1e-5) * scale[k] + shift[k];
                    row[k] = c.fused == Activation.RELU ? Math.max(0, row[k]) : row[k];
                }
            }
            c.assertClose(c.operation.forward(c.inp, Phase.EVALUATION), expected, 4e-6);
            assertThat(c.mean.values().row(0)).isEqualTo(mean);
            assertThat(c.variance.values().row(0)).isEqualTo(variance);
        });
    }

    @ParameterizedTest
    @MethodSource("dev.morula.kernel.Backends#available")
    void gradientsAreSlopes(Backend backend) {
        forEachCase(backend, c -> {
            c.operation.forward(c.inp, Phase.TRAINING);
            RecordingPass pass = new RecordingPass(c.workers);
            double[][] dinp = Floats.doubles(c.operation.backward(c.dout, pass));
            Random random = new Random(1);
            for (int probe = 0; probe < 20; probe++) {
                int row = random.nextInt(c.rows);
                int k = random.nextInt(c.channels);
                double[][] x = column(c.inp, k);
                double[][] dout = column(c.dout, k);
                double[] scale = column(c.scale.values(), k)[0];
                double[] shift = column(c.shift.values(), k)[0];
                UnaryOperator<double[][]> channel = c.definition(scale, shift);
                assertThat(dinp[row][k])
                        .as("%s: input %d, %d", c, row, k)
                        .isCloseTo(DoubleLayers.slope(channel, x, dout, x[row], 0), within(c.tolerance()));
                // sums over the rows of terms of about 1
                assertThat(pass.of(c.scale)[k])
                        .as("%s: scale %d", c, k)
                        .isCloseTo(DoubleLayers.slope(channel, x, dout, scale, 0), within(1e-6 * (c.rows + 4)));
                assertThat(pass.of(c.shift)[k])
                        .as("%s: shift %d", c, k)
                        .isCloseTo(DoubleLayers.slope(channel, x, dout, shift, 0), within(1e-6 * (c.rows + 4)));
            }
        });
    }

    /** One channel, which has nothing to do with the others. */
    private static double[][] column(Matrix matrix, int column) {
        double[][] values = new double[(int) matrix.rows()][1];
        float[] number = new float[1];
        for (int row = 0; row < values.length; row++) {
            matrix.read(row * matrix.columns() + column, number, 0, 1);
            values[row][0] = number[0];
        }
        return values;
    }

    @ParameterizedTest
    @MethodSource("dev.morula.kernel.Backends#available")
    void aMeanFarFromZeroCostsNoDigitsOfTheVariance(Backend backend) {
        Random random = new Random(1);
        for (int rows : new int[] {130, 70_001}) {
            float[][] values = new float[rows][1];
            for (float[] row : values) {
                row[0] = 4096 + random.nextInt(256) / 1024f; // exact
            }
            try (Matrix inp = Matrix.of(values);
                    Case c = new Case(backend, 3, Activation.IDENTITY, inp)) {
                c.variance.values().write(0, new float[1], 0, 1);
                c.operation.forward(inp, Phase.TRAINING);
                double unbiased = DoubleLayers.squares(Floats.doubles(inp), 0) / (rows - 1);
                assertThat(c.variance.values().row(0)[0] / (0.1 * unbiased)).isCloseTo(1, within(2e-7));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("dev.morula.kernel.Backends#available")
    void aConstantChannelBecomesItsShift(Backend backend) {
        try (Matrix inp = Matrix.of(new float[][] {{0.1f}, {0.1f}, {0.1f}});
                Case c = new Case(backend, 1, Activation.IDENTITY, inp)) {
            Matrix out = c.operation.forward(inp, Phase.TRAINING);
            for (int row = 0; row < 3; row++) {
                assertThat(out.row(row)[0]).isCloseTo(c.shift.values().row(0)[0], within(1e-5f));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("dev.morula.kernel.Backends#available")
    void notANumberGoesThrough(Backend backend) {
        for (Activation fused : Activation.values()) {
            try (Matrix inp = Matrix.of(new float[][] {{1, 1}, {2, Float.NaN}, {4, 3}});
                    Case c = new Case(backend, 1, fused, inp)) {
                Matrix out = c.operation.forward(inp, Phase.TRAINING);
                Matrix dinp = c.operation.backward(c.dout, new RecordingPass(c.workers));
                for (int row = 0; row < 3; row++) {
                    assertThat(out.row(row)[0]).isFinite();
                    assertThat(out.row(row)[1]).isNaN();
                    assertThat(dinp.row(row)[1]).isNaN();
                }
                assertThat(c.variance.values().row(0)[1]).isNaN();
            }
        }
    }

    @Test
    void aBatchOfOneNumberAChannelCannotBeTrainedOn() {
        try (Matrix inp = Matrix.of(new float[][] {{1, 2, 3}});
                Case c = new Case(Backend.PORTABLE, 1, Activation.IDENTITY, inp)) {
            assertThatThrownBy(() -> c.operation.forward(inp, Phase.TRAINING))
                    .isInstanceOfSatisfying(
                            MorulaException.class, e -> assertThat(e.kind()).isEqualTo(MorulaException.Kind.USAGE))
                    .hasMessage("batch norm of 3 channels: in training it takes more than one number a channel, "
                            + "but the batch has one");
            assertThat(c.operation.forward(inp, Phase.EVALUATION).row(0)).hasSize(3);
        }
    }

    @Test
    void aSmallerBatchFollowsALargerOne() {
        try (Matrix inp = Floats.random(9, 5, new Random(1));
                Case c = new Case(Backend.PORTABLE, 1, Activation.RELU, inp)) {
            c.operation.forward(inp, Phase.TRAINING);
            try (Matrix fewer = Floats.random(4, 5, new Random(2))) {
                c.assertClose(
                        c.operation.forward(fewer, Phase.TRAINING),
                        c.definition().apply(Floats.doubles(fewer)),
                        4e-6);
            }
        }
    }

    private interface Check {
        void run(Case sizes);
    }

    private static void forEachCase(Backend backend, Check check) {
        for (int[] size : SIZES) {
            for (Activation fused : Activation.values()) {
                for (int threads : new int[] {1, 3}) {
                    try (Matrix inp = Floats.random(size[0], size[1], new Random(size[0]));
                            Case c = new Case(backend, threads, fused, inp)) {
                        check.run(c);
                    }
                }
            }
        }
    }

    private static final class Case implements AutoCloseable {
        private final int rows;
        private final int channels;
        private final Activation fused;
        private final Matrix inp;
        private final Matrix dout;
        private final Kernels kernels;
        private final Workers workers;
        private final Scratch scratch;
        private final Parameter scale;
        private final Parameter shift;
        private final Parameter mean;
        private final Parameter variance;
        private final Operation operation;

        Case(Backend backend, int threads, Activation fused, Matrix inp) {
            Random random = new Random(7);
            this.rows = (int) inp.rows();
            this.channels = (int) inp.columns();
            this.fused = fused;
            this.inp = inp;
            dout = Floats.random(rows, channels, random);
            kernels = backend.open();
            workers = new Workers(threads);
            scratch = new Scratch(threads);
            scale = parameter("weight", random);
            shift = parameter("bias", random);
            mean = parameter("running_mean", random);
            variance = parameter("running_var", random);
            float[] positive = variance.values().row(0);
            for (int k = 0; k < channels; k++) {
                positive[k] = 0.5f + Math.abs(positive[k]);
            }
            variance.values().write(0, positive, 0, channels);
            Site site = new Site(kernels, workers, scratch, rows, Shape.features(channels), false);
            operation = new BatchNormOperation(new BatchNorm(channels), site, scale, shift, mean, variance, fused);
        }

        private Parameter parameter(String name, Random random) {
            ParameterSpec spec = new ParameterSpec(name, List.of(channels), ParameterSpec.Role.SCALE);
            return new Parameter(name, spec, Floats.random(1, channels, random));
        }

        double[][] x() {
            return Floats.doubles(inp);
        }

        UnaryOperator<double[][]> definition() {
            return definition(Floats.doubles(scale.values())[0], Floats.doubles(shift.values())[0]);
        }

        UnaryOperator<double[][]> definition(double[] factors, double[] constants) {
            return x -> {
                double[][] y = DoubleLayers.batchNorm(x, factors, constants);
                return fused == Activation.RELU ? DoubleLayers.relu(y) : y;
            };
        }

        /** Of gradients; two rows nearly alike make large ones. */
        double tolerance() {
            return rows < 4 ? 1e-3 : 2e-5;
        }

        void assertClose(Matrix actual, double[][] expected, double tolerance) {
            DoubleLayers.assertClose(toString(), actual, expected, tolerance);
        }

        @Override
        public String toString() {
            return rows + " x " + channels + ", " + fused + ", " + workers.count() + " workers";
        }

        @Override
        public void close() {
            operation.close();
            List.of(scale, shift, mean, variance).forEach(p -> p.values().close());
            scratch.close();
            workers.close();
            kernels.close();
            dout.close();
        }
    }
}
