package dev.morula.correlate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.morula.kernel.Backend;
import dev.morula.kernel.Kernels;
import dev.morula.kernel.Kernels.Side;
import dev.morula.kernel.Sign;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * One test for each term of the screen's bound (native/src/correlate/README.md): a pair whose projections are as
 * misleading as the term allows, so that it would be lost without the term. q is what the span of the basis really holds
 * of a neuron, s = sqrt(1 - q . q) what it does not, so that r = q_i . q_j + s_i s_j where the rests point the same way.
 */
@Tag("device")
@ParameterizedClass(name = "{0}")
@MethodSource("dev.morula.kernel.Backends#available")
class ScreenBoundTest {
    private static final double NEAR = 1e-9; // for what the test itself loses in float64

    @Parameter
    private Backend backend;

    private Kernels kernels;

    @BeforeEach
    void open() {
        kernels = backend.open();
    }

    @AfterEach
    void close() {
        kernels.close();
    }

    /** A direction that is too long makes a negative product more negative: q_i = -1/2 = -q_j. */
    @Test
    void deviationOfTheBasisInTheProduct() {
        double deviation = 0.2;
        double half = 0.5 * Math.sqrt(1 + deviation);
        double r = -0.25 + 0.75;
        assertKept(new HandMadeScreen(kernels, deviation, 1e-6), row(-half), row(half), r);
    }

    /** A direction that is too long makes a neuron look as if nothing of it were outside the span. */
    @Test
    void deviationOfTheBasisInTheTail() {
        double deviation = 0.01;
        double outside = Math.sqrt(deviation / (1 + deviation)); // so that the projection is 1
        double longer = Math.sqrt(1 + deviation);
        double r = 0.5 / longer + outside * Math.sqrt(0.75);
        assertKept(new HandMadeScreen(kernels, deviation, 1e-6), row(1), row(0.5 * longer), r);
    }

    /** What an error is multiplied with is the other neuron's projection, which the basis makes longer than 1. */
    @Test
    void deviationOfTheBasisBesideTheError() {
        double deviation = 0.1;
        double projection = Math.sqrt(1 + deviation) + 0.4;
        assertKept(new HandMadeScreen(kernels, deviation, 0.4), row(-projection), row(projection), -1);
    }

    /** Opposite projections that are both too long by all that is allowed. */
    @Test
    void projectionErrorInTheProduct() {
        double error = 0.05;
        assertKept(new HandMadeScreen(kernels, 0, error), row(-0.5 - error), row(0.5 + error), -0.25 + 0.75);
    }

    /** Two errors of 0.4 make 0.16 of their own. */
    @Test
    void productOfTheProjectionErrors() {
        assertKept(new HandMadeScreen(kernels, 0, 0.4), row(-1.4), row(1.4), -1);
    }

    /** A projection that is too long makes a neuron look as if nothing of it were outside the span. */
    @Test
    void projectionErrorInTheTail() {
        double error = 0.01;
        double outside = Math.sqrt(1 - (1 - error) * (1 - error));
        double r = (1 - error) * 0.5 + outside * Math.sqrt(0.75);
        assertKept(new HandMadeScreen(kernels, 0, error), row(1), row(0.5), r);
    }

    /** Rounding to bfloat16 makes all numbers of two opposite projections longer. */
    @Test
    void roundingOfTheProjections() {
        double[] number = new double[62];
        Arrays.fill(number, 0x1p-3 * (1 + 0x1.01p-8)); // just beyond the middle of two bfloat16 numbers
        double seen = dot(number, number);
        double tail = 0.1533203125; // a bfloat16 number: the test is not about rounding it
        double[] rest = exactly(1 - seen - tail * tail);
        double[] left = concatenate(negated(number), rest, new double[rest.length]);
        double[] right = concatenate(number, new double[rest.length], rest);
        double r = dot(left, right) + Math.sqrt((1 - dot(left, left)) * (1 - dot(right, right)));
        assertKept(new HandMadeScreen(kernels, 0, 0), left, right, r);
    }

    /** All that two neurons have in common is outside the span, and just above a bfloat16 number. */
    @Test
    void roundingOfTheTail() {
        double tail = 0.5 + 0.4 * 0x1p-8;
        double[] seen = exactly(1 - tail * tail);
        double[] left = concatenate(seen, new double[seen.length]);
        double[] right = concatenate(new double[seen.length], seen);
        assertKept(new HandMadeScreen(kernels, 0, 0), left, right, 1 - dot(seen, seen));
    }

    /** Two errors e again, with e + e^2 / 2 just above a bfloat16 number. */
    @Test
    void roundingOfTheError() {
        double error = 52.0 / 128;
        assertThat((error + error * error / 2) * 512 % 1).isEqualTo(0.25);
        assertKept(new HandMadeScreen(kernels, 0, error), row(-1 - error), row(1 + error), -1);
    }

    /** The sum of float32 numbers is too small: each is half a unit of the last place, or less, of what is there. */
    @Test
    void additionsInTheProduct() {
        double[] row = ShrinkingSum.row();
        assertThat(dot(row, row)).isEqualTo(1);
        assertKept(new HandMadeScreen(kernels, 0, 0), row, row, 1);
    }

    /** Whatever is folded in is not below what it stands for, however it was rounded. */
    @Test
    void foldedNumbersAreNeverTooSmall() {
        Random random = new Random(1);
        for (int trial = 0; trial < 2000; trial++) {
            double deviation = trial % 2 == 0 ? 0 : random.nextDouble() * 0x1p-10;
            double error = trial % 3 == 0 ? 0 : random.nextDouble() * 0x1p-8;
            double[] projection = direction(1 + random.nextInt(70), random.nextDouble(), random);
            HandMadeScreen screen = new HandMadeScreen(kernels, deviation, error);
            Side side = Side.values()[trial % 2];
            double[] row = screen.row(projection, side);
            int rank = projection.length;
            double lost = 0;
            for (int k = 0; k < rank; k++) {
                lost += (row[k] - projection[k]) * (row[k] - projection[k]);
            }
            double seen = Math.max(0, Math.sqrt(dot(projection, projection)) - error);
            double e = Math.sqrt(lost) + error;
            assertThat(row[rank]).isGreaterThanOrEqualTo(Math.sqrt(Math.max(0, 1 - (1 - deviation) * seen * seen)));
            assertThat(row[side == Side.LEFT ? rank + 1 : rank + 2])
                    .isGreaterThanOrEqualTo(Math.sqrt(1 + deviation) * e + e * e / 2);
            assertThat(row[side == Side.LEFT ? rank + 2 : rank + 1]).isEqualTo(1);
        }
    }

    /** A pair whose real correlation is r passes a threshold of r, and its mirror image one of abs(r). */
    private void assertKept(HandMadeScreen screen, double[] left, double[] right, double r) {
        assertThat(screen.keeps(left, right, r - NEAR)).isTrue();
        assertThat(screen.keeps(negated(left), right, Math.abs(r) - NEAR, Sign.ABSOLUTE))
                .isTrue();
    }

    private static double[] row(double... numbers) {
        return numbers;
    }

    private static double[] negated(double[] row) {
        return Arrays.stream(row).map(x -> -x).toArray();
    }

    private static double[] concatenate(double[]... parts) {
        return Arrays.stream(parts).flatMapToDouble(DoubleStream::of).toArray();
    }

    private static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int k = 0; k < a.length; k++) {
            sum += a[k] * b[k];
        }
        return sum;
    }

    /** A random direction of that norm, in float32 numbers. */
    private static double[] direction(int rank, double norm, Random random) {
        double[] row = random.doubles(rank, -1, 1).toArray();
        double factor = norm / Math.sqrt(dot(row, row));
        return Arrays.stream(row).map(x -> (float) (factor * x)).toArray();
    }

    /** Numbers that bfloat16 holds and whose squares add up to {@code squares}, or to just less. */
    private static double[] exactly(double squares) {
        double[] numbers = new double[8];
        double rest = squares;
        for (int k = 0; k < numbers.length; k++) {
            float root = (float) Math.sqrt(rest);
            numbers[k] = Float.intBitsToFloat(Float.floatToRawIntBits(root) & 0xffff0000);
            if (numbers[k] * numbers[k] > rest) {
                throw new AssertionError("not rounded down: " + numbers[k]);
            }
            rest -= numbers[k] * numbers[k];
        }
        return numbers;
    }
}
