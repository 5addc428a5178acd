package dev.morula.redundancy.depth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.morula.MorulaException;
import dev.morula.kernel.Kernels;
import dev.morula.kernel.Matrix;
import dev.morula.kernel.Tier;
import dev.morula.kernel.Workers;
import dev.morula.redundancy.Analysis;
import dev.morula.redundancy.Features;
import dev.morula.redundancy.Golden;
import dev.morula.redundancy.ReadOut;
import dev.morula.train.Floats;
import java.util.Arrays;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class LayerDepthTest {
    private static final double RELATIVE =
            1e-9; // of float64 sums in another order, amplified by a small pseudo-inverse
    private static final Kernels KERNELS = Kernels.cpu();
    private static final Workers WORKERS = new Workers(2);
    private static final float[][] SIMPLEX = {{2, -1, -1, 0}, {-1, 2, -1, 0}, {-1, -1, 2, 0}};

    @AfterAll
    static void close() {
        WORKERS.close();
        KERNELS.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"narrow", "wide", "missing"})
    void isWhatNumpyAndScikitLearnCompute(String name) {
        Features train = Golden.features(name, "train");
        Features test = Golden.features(name, "test");
        try (Matrix trainValues = train.activations();
                Matrix testValues = test.activations();
                Matrix weight = Golden.matrix(name + "/readOut");
                Matrix bias = Floats.zeros(1, weight.rows())) {
            assertThat(trainValues.columns()).isEqualTo(testValues.columns());
            LayerDepth depth = LayerDepth.of(
                    train, test, new ReadOut(weight, bias), Golden.integers(name + "/predicted"), KERNELS, WORKERS);
            double[] accuracy = Golden.values(name + "/accuracy");
            assertThat(depth.trainAccuracy()).isEqualTo(accuracy[0]);
            assertThat(depth.testAccuracy()).isEqualTo(accuracy[1]);
            assertThat(depth.trainError()).isCloseTo(1 - accuracy[0], within(1e-15));
            double cdnv = Golden.values(name + "/cdnv")[0];
            assertThat(depth.cdnv()).isCloseTo(cdnv, within(RELATIVE * cdnv));
            double[] expected = Golden.values(name + "/collapse");
            Double[] actual = numbers(depth.neuralCollapse());
            for (int i = 0; i < expected.length; i++) {
                if (Double.isNaN(expected[i])) {
                    assertThat(actual[i]).as("number %d", i).isNull();
                } else {
                    assertThat(actual[i]).as("number %d", i).isCloseTo(expected[i], within(RELATIVE * expected[i]));
                }
            }
        }
    }

    private static Double[] numbers(Analysis.NeuralCollapse of) {
        return new Double[] {
            of.nc1(),
            of.nc1PerClass(),
            of.nc2EquinormMeans(),
            of.nc2EquinormReadOut(),
            of.nc2EquiangularMeans(),
            of.nc2EquiangularReadOut(),
            of.nc3(),
            of.nc4()
        };
    }

    /** Classes that have collapsed to a simplex, off the origin, with a read-out that is the same simplex, scaled. */
    @Test
    void aCollapsedLayerHasNoDistanceFromCollapse() {
        int[] labels = {0, 1, 2, 0, 1, 2, 0, 1, 2, 2, 2};
        float[][] rows = new float[labels.length][];
        for (int n = 0; n < labels.length; n++) {
            rows[n] = SIMPLEX[labels[n]].clone();
            for (int i = 0; i < 4; i++) {
                rows[n][i] += 7;
            }
        }
        float[][] doubled = Arrays.stream(SIMPLEX).map(float[]::clone).toArray(float[][]::new);
        Arrays.stream(doubled).forEach(row -> Arrays.setAll(new Float[row.length], i -> row[i] *= 2));
        try (Matrix values = Matrix.of(rows);
                Matrix weight = Matrix.of(doubled);
                Matrix bias = Floats.zeros(1, 3)) {
            Features train = new Features("planted", values, labels, 3);
            LayerDepth depth = LayerDepth.of(train, train, new ReadOut(weight, bias), labels, KERNELS, WORKERS);
            assertThat(depth.trainAccuracy()).isEqualTo(1);
            assertThat(depth.testAccuracy()).isEqualTo(1);
            assertThat(depth.trainError()).isZero();
            assertThat(depth.cdnv()).isCloseTo(0, within(1e-20));
            assertThat(numbers(depth.neuralCollapse()))
                    .allSatisfy(number -> assertThat(number).isCloseTo(0.0, within(1e-14)));
        }
    }

    /** One dimension, by hand: classes at -1 and 1 with variance 1/4 each; rank 1 of two classes. */
    @Test
    void isWhatIsComputedByHand() {
        try (Matrix values = Matrix.of(new float[][] {{-1.5f}, {-0.5f}, {0.5f}, {1.5f}})) {
            Features train = new Features("line", values, new int[] {0, 0, 1, 1}, 2);
            LayerDepth depth = LayerDepth.of(train, null, null, new int[] {0, 1, 1, -1}, KERNELS, WORKERS);
            assertThat(depth.testAccuracy()).isNull();
            assertThat(depth.cdnv()).isEqualTo((0.25 + 0.25) / (2 * 4));
            assertThat(depth.neuralCollapse().nc1()).isCloseTo(0.25, within(1e-15)); // 0.25 / 1
            assertThat(depth.neuralCollapse().nc1PerClass()).isCloseTo(0.125, within(1e-15));
            assertThat(depth.neuralCollapse().nc2EquinormReadOut()).isNull();
            assertThat(depth.neuralCollapse().nc3()).isNull();
            assertThat(depth.neuralCollapse().nc4()).isEqualTo(0.5); // no prediction agrees with nothing
        }
    }

    @Test
    void oneClassAloneLeavesUndefinedWhatComparesClasses() {
        try (Matrix values = Matrix.of(new float[][] {{1, 2}, {3, 4}})) {
            LayerDepth depth =
                    LayerDepth.of(new Features("one", values, new int[] {1, 1}, 3), null, null, null, KERNELS, WORKERS);
            assertThat(depth.trainAccuracy()).isEqualTo(1);
            assertThat(depth.cdnv()).isNull();
            assertThat(numbers(depth.neuralCollapse())).containsOnlyNulls();
        }
    }

    @Test
    void oneSampleOfOneNeuronIsEnough() {
        try (Matrix values = Matrix.of(new float[][] {{3}})) {
            LayerDepth depth =
                    LayerDepth.of(new Features("least", values, new int[] {0}, 2), null, null, null, KERNELS, WORKERS);
            assertThat(depth.trainAccuracy()).isEqualTo(1);
            assertThat(depth.cdnv()).isNull();
        }
    }

    /** All neurons dead: centres coincide, so that the first class is nearest and nothing else is defined. */
    @Test
    void aDeadLayerIsNoDivisionByZero() {
        try (Matrix values = Floats.zeros(4, 3)) {
            LayerDepth depth = LayerDepth.of(
                    new Features("dead", values, new int[] {0, 1, 1, 1}, 2), null, null, null, KERNELS, WORKERS);
            assertThat(depth.trainAccuracy()).isEqualTo(0.25);
            assertThat(depth.cdnv()).isNull();
            assertThat(numbers(depth.neuralCollapse())).containsOnlyNulls();
        }
    }

    @Test
    void whatIsNotFiniteIsNearestToNothing() {
        try (Matrix train = Matrix.of(new float[][] {{0}, {1}});
                Matrix test = Matrix.of(new float[][] {{0}, {Float.NaN}, {Float.POSITIVE_INFINITY}, {1}})) {
            Features clean = new Features("clean", train, new int[] {0, 1}, 2);
            LayerDepth depth = LayerDepth.of(
                    clean, new Features("broken", test, new int[] {0, 0, 1, 1}, 2), null, null, KERNELS, WORKERS);
            assertThat(depth.testAccuracy()).isEqualTo(0.5);
            Features broken = new Features("broken", test, new int[] {0, 0, 1, 1}, 2);
            LayerDepth none = LayerDepth.of(broken, null, null, null, KERNELS, WORKERS);
            assertThat(none.trainAccuracy()).isZero();
            assertThat(none.cdnv()).isNull();
            assertThat(numbers(none.neuralCollapse())).containsOnlyNulls();
        }
    }

    @Test
    void classesThatOnlyTestHasAreNeverRight() {
        try (Matrix train = Matrix.of(new float[][] {{0}, {10}});
                Matrix test = Matrix.of(new float[][] {{1}, {20}, {9}})) {
            LayerDepth depth = LayerDepth.of(
                    new Features("train", train, new int[] {0, 1}, 3),
                    new Features("test", test, new int[] {0, 2, 1}, 3),
                    null,
                    null,
                    KERNELS,
                    WORKERS);
            assertThat(depth.testAccuracy()).isEqualTo(2 / 3.0);
        }
    }

    @ParameterizedTest
    @MethodSource("dev.morula.kernel.Tiers#available")
    void doesNotDependOnTheNumberOfThreads(Tier tier) {
        Features train = Golden.features("missing", "train");
        try (Matrix values = train.activations();
                Kernels kernels = Kernels.cpu(tier);
                Workers one = new Workers(1);
                Workers three = new Workers(3)) {
            assertThat(values.rows()).isGreaterThan(256); // more than one part
            assertThat(LayerDepth.of(train, train, null, train.labels(), kernels, three))
                    .isEqualTo(LayerDepth.of(train, train, null, train.labels(), kernels, one));
        }
    }

    private enum Unfit {
        READ_OUT,
        PREDICTIONS
    }

    @ParameterizedTest
    @EnumSource(Unfit.class)
    void whatDoesNotFitTheLayerIsNamed(Unfit unfit) {
        try (Matrix values = Matrix.of(new float[][] {{0, 1}, {1, 0}});
                Matrix weight = Floats.zeros(2, 3);
                Matrix bias = Floats.zeros(1, 2)) {
            Features train = new Features("train", values, new int[] {0, 1}, 2);
            ReadOut readOut = unfit == Unfit.READ_OUT ? new ReadOut(weight, bias) : null;
            int[] predicted = unfit == Unfit.PREDICTIONS ? new int[3] : null;
            assertThatThrownBy(() -> LayerDepth.of(train, null, readOut, predicted, KERNELS, WORKERS))
                    .isInstanceOf(MorulaException.class)
                    .hasMessage(
                            unfit == Unfit.READ_OUT
                                    ? "read-out: reads 3 neurons, but the layer has 2"
                                    : "predictions: there are 3 for 2 samples; there must be one a sample");
        }
    }
}
