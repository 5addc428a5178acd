package dev.morula.redundancy.units;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.morula.MorulaException;
import dev.morula.RandomNumbers;
import dev.morula.kernel.Kernels;
import dev.morula.kernel.Matrix;
import dev.morula.kernel.Tier;
import dev.morula.kernel.Workers;
import dev.morula.network.NetworkDefinition;
import dev.morula.network.Presets;
import dev.morula.network.Shape;
import dev.morula.network.Tap;
import dev.morula.prepare.Samples;
import dev.morula.redundancy.Features;
import dev.morula.redundancy.Golden;
import dev.morula.train.ActivationRecorder;
import dev.morula.train.Floats;
import dev.morula.train.Network;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class LayerUnitsTest {
    private static final long MEMORY = 1L << 30;
    private static final Kernels KERNELS = Kernels.cpu();
    private static final Workers WORKERS = new Workers(2);

    @AfterAll
    static void close() {
        WORKERS.close();
        KERNELS.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"narrow", "wide", "missing"})
    void isWhatNumpyComputes(String name) {
        Features features = Golden.features(name, "train");
        try (Matrix values = features.activations()) {
            SimilarUnits similar = SimilarUnits.of(values, MEMORY, KERNELS, WORKERS);
            assertThat(similar.others()).containsExactly(longs(Golden.values(name + "/similarUnits")));
            Selectivity selectivity = Selectivity.of(features, KERNELS, WORKERS);
            double[] expected = Golden.values(name + "/selectivity");
            assertThat(selectivity.ofUnits()).containsExactly(expected, within(1e-12));
            LayerUnits units = LayerUnits.of(features, UnitOptions.DEFAULT, KERNELS, WORKERS);
            assertThat(units.units()).isEqualTo(values.columns());
            assertThat(units.rows()).isEqualTo(values.rows());
            assertThat(units.dead()).isEqualTo(1);
            assertThat(units.constant()).isEqualTo(2);
            assertThat(units.similar())
                    .isCloseTo(Arrays.stream(similar.others()).average().orElseThrow(), within(1e-12));
            assertThat(units.compressability()).isEqualTo(Golden.values(name + "/compressability")[0]);
            assertThat(units.selectivity())
                    .isCloseTo(Arrays.stream(expected).average().orElseThrow(), within(1e-12));
            assertThat(units.unselective())
                    .isEqualTo(Arrays.stream(expected).filter(s -> s < 0.05).count() / (double) expected.length);
        }
    }

    private static long[] longs(double[] values) {
        return Arrays.stream(values).mapToLong(value -> (long) value).toArray();
    }

    /** Groups of 1, 2, ..., 6 copies with either sign: each unit has as many others as its group less one. */
    @ParameterizedTest
    @MethodSource("dev.morula.kernel.Tiers#available")
    void countsPlantedRepeats(Tier tier) {
        Random random = new Random(1);
        float[][] rows = new float[500][21];
        List<Long> expected = new ArrayList<>();
        for (int group = 1; group <= 6; group++) {
            int first = expected.size();
            expected.addAll(Collections.nCopies(group, group - 1L));
            for (float[] row : rows) {
                double shared = random.nextGaussian();
                for (int unit = first; unit < first + group; unit++) {
                    row[unit] = (float) ((unit % 2 == 0 ? 1 : -3) * (shared + 0.3 * random.nextGaussian()));
                }
            }
        }
        try (Kernels kernels = Kernels.cpu(tier);
                Matrix values = Matrix.of(rows)) {
            assertThat(SimilarUnits.of(values, MEMORY, kernels, WORKERS).others())
                    .containsExactly(expected.stream().mapToLong(each -> each).toArray());
        }
    }

    @Test
    void layersWithoutVaryingUnitsHaveNoNumbersForThem() {
        try (Matrix values = Matrix.of(new float[][] {{0, 3}, {0, 3}})) {
            LayerUnits units = LayerUnits.of(
                    new Features("still", values, new int[] {0, 1}, 2), UnitOptions.DEFAULT, KERNELS, WORKERS);
            assertThat(units).isEqualTo(new LayerUnits(2, 2, 1, 2, null, null, 0.0, 1.0));
        }
    }

    @Test
    void oneRowAndOneNeuronAreDefinedToo() {
        try (Matrix values = Matrix.of(new float[][] {{4}})) {
            assertThat(LayerUnits.of(
                            new Features("least", values, new int[] {0}, 2), UnitOptions.DEFAULT, KERNELS, WORKERS))
                    .isEqualTo(new LayerUnits(1, 1, 0, 1, null, null, null, null));
        }
        try (Matrix values = Matrix.of(new float[][] {{4}, {2}})) {
            assertThat(LayerUnits.of(
                            new Features("one", values, new int[] {0, 1}, 2), UnitOptions.DEFAULT, KERNELS, WORKERS))
                    .isEqualTo(new LayerUnits(1, 2, 0, 0, 0.0, 1.0, 2 / 6.0, 0.0));
        }
    }

    @Test
    void unitsThatAreNotFiniteOrNegativeAreLeftOut() {
        float[][] rows = {{1, Float.NaN, -1}, {2, 1, -2}, {3, 2, 5}};
        try (Matrix values = Matrix.of(rows)) {
            Features features = new Features("odd", values, new int[] {0, 0, 1}, 2);
            SimilarUnits similar = SimilarUnits.of(values, MEMORY, KERNELS, WORKERS);
            assertThat(similar.nonFinite()).isEqualTo(1);
            assertThat(similar.others()).containsExactly(1, 1); // 1 2 3 and -1 -2 5: r = 0.79
            assertThat(Selectivity.of(features, KERNELS, WORKERS).ofUnits()).containsExactly(1.5 / 4.5);
            assertThat(Compressability.of(values, KERNELS, WORKERS)).isNull();
        }
    }

    @Test
    void widerLayersThanAskedForAreNotCompressed() {
        Features features = Golden.features("narrow", "train");
        try (Matrix values = features.activations()) {
            UnitOptions options = new UnitOptions(100, 1, (int) values.columns() - 1, MEMORY);
            LayerUnits units = LayerUnits.of(features, options, KERNELS, WORKERS);
            assertThat(units.compressability()).isNull();
            assertThat(units.similar()).isNotNull();
        }
    }

    @Test
    void directionsAreCountedUntilTheyExceedATwentieth() {
        assertThat(Compressability.ofAscending(new double[] {-1e-18, 2, 3, 95}).directions())
                .isEqualTo(4); // 5 % exactly is not more than 5 %
        assertThat(Compressability.ofAscending(new double[] {0, 2, 3.5, 94.5})).isEqualTo(new Compressability(3, 4));
        assertThat(Compressability.ofAscending(new double[] {1, 1}).share()).isEqualTo(0.5);
    }

    @Test
    void growthIsPerDoublingOfTheWidth() {
        assertThat(Growth.perDoubling(new TreeMap<>(Map.of(16.0, 5.0, 32.0, 10.0, 64.0, 30.0))))
                .isCloseTo(2.5, within(1e-15));
        assertThat(Growth.perDoubling(new TreeMap<>(Map.of(16.0, 5.0, 64.0, 20.0))))
                .isCloseTo(2, within(1e-15));
        assertThat(Growth.perDoubling(new TreeMap<>(Map.of(16.0, 5.0)))).isNull();
        assertThatThrownBy(() -> Growth.perDoubling(new TreeMap<>(Map.of(16.0, 0.0))))
                .isInstanceOf(MorulaException.class);
    }

    @Test
    void rowsAreChosenEvenly() {
        int[] chosen = new int[10];
        for (int seed = 0; seed < 4000; seed++) {
            long[] rows = RowChoice.of(10, 3, new RandomNumbers(seed));
            assertThat(rows).hasSize(3).isSorted().doesNotHaveDuplicates();
            Arrays.stream(rows).forEach(row -> chosen[(int) row]++);
        }
        for (int count : chosen) { // 1,200 each, with a deviation of 29
            assertThat(count).isBetween(1080, 1320);
        }
        assertThat(RowChoice.of(4, 9, new RandomNumbers(1))).containsExactly(0, 1, 2, 3);
    }

    /** A unit of a convolution is a channel, and a row a position of a sample, with that sample's label. */
    @Test
    void positionsOfImagesAreRows() {
        NetworkDefinition definition = Presets.parse("conv-L1-H5", new Shape(2, 8, 8), 3);
        int[] labels = new int[300]; // more than one batch
        Arrays.setAll(labels, n -> n * n % 3);
        try (Network network = Network.initialise(definition, 1);
                Samples samples = new Samples(Floats.random(300 * 64, 2, new Random(2)), Floats.integers(labels))) {
            Tap tap = Tap.of(definition, "1");
            int positions = tap.shape().positions();
            List<double[]> images = new ArrayList<>();
            new ActivationRecorder(KERNELS, WORKERS)
                    .record(
                            network,
                            samples,
                            Map.of(tap, (first, block) -> images.addAll(List.of(Floats.doubles(block)))));
            for (int most : new int[] {300 * positions, 1000}) {
                Features features = UnitRows.record(network, samples, tap, most, 5, 0, KERNELS, WORKERS);
                try (Matrix values = features.activations()) {
                    long[] rows =
                            RowChoice.of(300L * positions, most, RandomNumbers.of(5, RandomNumbers.Stream.ROWS, 0));
                    double[][] actual = Floats.doubles(values);
                    assertThat(actual).hasDimensions(most, 5);
                    for (int row = 0; row < most; row++) {
                        int sample = (int) (rows[row] / positions);
                        assertThat(features.labels()[row]).isEqualTo(labels[sample]);
                        for (int channel = 0; channel < 5; channel++) {
                            assertThat(actual[row][channel])
                                    .isEqualTo(images.get(sample)[(int) (channel * positions + rows[row] % positions)]);
                        }
                    }
                }
            }
        }
    }

    @Test
    void severalChoicesOfRowsAreAveragedAndDependOnTheSeedAlone() {
        NetworkDefinition definition = Presets.multilayerPerceptron(10, List.of(40, 30), 3);
        UnitOptions few = new UnitOptions(50, 3, 100, MEMORY);
        try (Network network = Network.initialise(definition, 1);
                Workers one = new Workers(1);
                Samples samples = new Samples(Floats.random(200, 10, new Random(2)), Floats.integers(new int[200]))) {
            Tap tap = Tap.of(definition, "2");
            LayerUnits units = LayerUnits.of(network, samples, tap, few, 7, KERNELS, WORKERS);
            assertThat(units.rows()).isEqualTo(50);
            assertThat(units).isEqualTo(LayerUnits.of(network, samples, tap, few, 7, KERNELS, one));
            assertThat(units.similar())
                    .isNotEqualTo(LayerUnits.of(network, samples, tap, few, 8, KERNELS, one)
                            .similar());
            double sum = 0;
            for (int draw = 0; draw < 3; draw++) {
                Features features = UnitRows.record(network, samples, tap, 50, 7, draw, KERNELS, WORKERS);
                try (Matrix values = features.activations()) {
                    sum += SimilarUnits.of(values, MEMORY, KERNELS, WORKERS).mean();
                }
            }
            assertThat(units.similar()).isCloseTo(sum / 3, within(1e-12));
            assertThat(units.selectivity()).isNull(); // one class alone
        }
    }
}
