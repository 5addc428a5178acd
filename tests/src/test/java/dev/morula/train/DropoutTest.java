package dev.morula.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.morula.kernel.Backend;
import dev.morula.kernel.ElementType;
import dev.morula.kernel.Kernels;
import dev.morula.kernel.Matrix;
import dev.morula.kernel.Workers;
import dev.morula.network.Dropout;
import dev.morula.network.Shape;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Tag("device")
class DropoutTest {
    private static final int ROWS = 301;
    private static final int COLUMNS = 1009;

    @ParameterizedTest
    @MethodSource("dev.morula.kernel.Backends#available")
    void dropsTheShareItShouldAndKeepsTheExpectation(Backend backend) {
        for (double probability : new double[] {0, 0.1, 0.5, 0.9}) {
            double[][] out = draw(backend, 1, probability, 3, 1)[0];
            int dropped = 0;
            int kept = 0;
            for (double[] row : out) {
                for (double value : row) {
                    dropped += value == 0 ? 1 : 0;
                    kept += Math.abs(value * (1 - probability) - 1) < 1e-6 ? 1 : 0;
                }
            }
            double numbers = ROWS * COLUMNS;
            assertThat(dropped + kept).isEqualTo(ROWS * COLUMNS);
            double deviation = Math.sqrt(probability * (1 - probability) / numbers);
            assertThat(dropped / numbers).isCloseTo(probability, within(4 * deviation));
        }
    }

    @ParameterizedTest
    @MethodSource("dev.morula.kernel.Backends#available")
    void drawsDependOnSeedStepAndPlaceAlone(Backend backend) {
        double[][][] first = draw(backend, 1, 0.5, 3, 2);
        double[][][] again = draw(Backend.PORTABLE, 3, 0.5, 3, 2);
        assertThat(again[0]).isDeepEqualTo(first[0]);
        assertThat(again[1]).isDeepEqualTo(first[1]);
        assertIndependent(first[0], first[1]);
        assertIndependent(first[0], draw(backend, 1, 0.5, 4, 1)[0]);
        double[][] shifted = new double[ROWS - 1][];
        System.arraycopy(first[0], 1, shifted, 0, shifted.length);
        assertIndependent(shifted, first[0]);
    }

    /** Of fair coins, half agree. */
    private static void assertIndependent(double[][] left, double[][] right) {
        int equal = 0;
        for (int row = 0; row < left.length; row++) {
            for (int column = 0; column < COLUMNS; column++) {
                equal += left[row][column] == right[row][column] ? 1 : 0;
            }
        }
        double numbers = left.length * COLUMNS;
        assertThat(equal / numbers).isCloseTo(0.5, within(4 * 0.5 / Math.sqrt(numbers)));
    }

    /** What becomes of ones, in so many steps. */
    private static double[][][] draw(Backend backend, int threads, double probability, long seed, int steps) {
        double[][][] outs = new double[steps][][];
        try (Case c = new Case(backend, threads, probability, seed);
                Matrix ones = ones()) {
            for (int step = 0; step < steps; step++) {
                c.step(step);
                outs[step] = Floats.doubles(c.operation.forward(ones, Phase.TRAINING));
            }
        }
        return outs;
    }

    private static Matrix ones() {
        float[][] values = new float[ROWS][COLUMNS];
        for (float[] row : values) {
            Arrays.fill(row, 1);
        }
        return Matrix.of(values);
    }

    @ParameterizedTest
    @MethodSource("dev.morula.kernel.Backends#available")
    void backwardDropsTheSameNumbers(Backend backend) {
        try (Case c = new Case(backend, 3, 0.3, 5);
                Matrix inp = Floats.random(ROWS, COLUMNS, new Random(1));
                Matrix dout = Floats.random(ROWS, COLUMNS, new Random(2))) {
            double[][] x = Floats.doubles(inp);
            double[][] y = Floats.doubles(c.operation.forward(inp, Phase.TRAINING));
            double[][] dy = Floats.doubles(dout);
            for (int row = 0; row < ROWS; row++) {
                for (int column = 0; column < COLUMNS; column++) {
                    dy[row][column] *= y[row][column] / x[row][column];
                }
            }
            Matrix dinp = c.operation.backward(dout, new RecordingPass(c.workers));
            DoubleLayers.assertClose("dinp", dinp, dy, 2e-6);
        }
    }

    @Test
    void dependsOnTheStepsBeforeIt() {
        try (Case c = new Case(Backend.PORTABLE, 1, 0.5, 3);
                Case other = new Case(Backend.PORTABLE, 1, 0.5, 3);
                Matrix ones = ones()) {
            c.step(7);
            double[][] seventh = Floats.doubles(c.operation.forward(ones, Phase.TRAINING));
            c.step(8);
            assertThat(Floats.doubles(c.operation.forward(ones, Phase.TRAINING)))
                    .isNotEqualTo(seventh);
            other.step(7);
            assertThat(Floats.doubles(other.operation.forward(ones, Phase.TRAINING)))
                    .isDeepEqualTo(seventh);
        }
    }

    @Test
    void evaluationDropsNothing() {
        try (Case c = new Case(Backend.PORTABLE, 1, 0.5, 3);
                Matrix ones = ones()) {
            assertThat(c.operation.forward(ones, Phase.EVALUATION)).isSameAs(ones);
        }
    }

    @ParameterizedTest
    @MethodSource("dev.morula.kernel.Backends#available")
    void notANumberIsNotDropped(Backend backend) {
        try (Case c = new Case(backend, 1, 0.9, 3);
                Matrix inp = ones()) {
            float[] row = new float[COLUMNS];
            Arrays.fill(row, Float.NaN);
            inp.write(0, row, 0, COLUMNS);
            assertThat(Floats.doubles(c.operation.forward(inp, Phase.TRAINING))[0])
                    .containsOnly(Double.NaN);
        }
    }

    private static final class Case implements AutoCloseable {
        private final Kernels kernels;
        private final Workers workers;
        private final Scratch scratch;
        private final DropoutOperation operation;
        private final Matrix step = Matrix.allocate(ElementType.I64, 1, 1);

        Case(Backend backend, int threads, double probability, long seed) {
            kernels = backend.open();
            workers = new Workers(threads);
            scratch = new Scratch(threads);
            Site site = new Site(kernels, workers, scratch, ROWS, Shape.features(COLUMNS), false);
            operation = new DropoutOperation(new Dropout(probability), site, seed, step);
        }

        void step(long stepsBefore) {
            step.write(0, new long[] {stepsBefore}, 0, 1);
        }

        @Override
        public void close() {
            step.close();
            operation.close();
            scratch.close();
            workers.close();
            kernels.close();
        }
    }
}
