package dev.morula.prepare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.morula.RandomNumbers;
import dev.morula.kernel.Kernels;
import dev.morula.network.Shape;
import dev.morula.train.Floats;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BatchesTest {
    private static final Shape IMAGE = new Shape(2, 5, 7);
    private static final int SAMPLES = 23;
    private static final int BATCH = 8;

    @ParameterizedTest
    @ValueSource(strings = {"none", "crop,padding=1", "flip", "crop-flip", "crop-flip,padding=2,border=reflect"})
    void anEpochIsTheSameWhateverRanBefore(String text) {
        Augmentation augmentation = Augmentation.parse(text);
        List<double[]> third = epoch(augmentation, 1, 3);
        assertThat(epoch(augmentation, 1, 1, 2, 3)).usingRecursiveComparison().isEqualTo(third);
        assertThat(epoch(augmentation, 1, 3, 3)).usingRecursiveComparison().isEqualTo(third);
        assertThat(epoch(augmentation, 1, 4)).usingRecursiveComparison().isNotEqualTo(third);
        assertThat(epoch(augmentation, 2, 3)).usingRecursiveComparison().isNotEqualTo(third);
    }

    @Test
    void everySampleComesOnceWithItsLabel() {
        Set<Double> seen = new HashSet<>();
        try (Kernels kernels = Kernels.cpu();
                Samples samples = samples();
                Batches batches = new Batches(kernels, samples, IMAGE, BATCH, Augmentation.NONE, 1)) {
            double[][] all = Floats.doubles(samples.inputs());
            batches.shuffle(1);
            assertThat(batches.count()).isEqualTo(3);
            assertThat(batches.samples()).isEqualTo(SAMPLES);
            for (int number = 0; number < 3; number++) {
                Samples batch = batches.get(number);
                assertThat(batch.count()).isEqualTo(number < 2 ? BATCH : SAMPLES - 2 * BATCH);
                double[][] rows = Floats.doubles(batch.inputs());
                int[] labels = new int[(int) batch.count()];
                batch.labels().read(0, labels, 0, labels.length);
                for (int i = 0; i < labels.length; i++) {
                    for (int position = 0; position < IMAGE.positions(); position++) {
                        assertThat(rows[i * IMAGE.positions() + position])
                                .isEqualTo(all[labels[i] * IMAGE.positions() + position]);
                    }
                    seen.add((double) labels[i]);
                }
            }
        }
        assertThat(seen).hasSize(SAMPLES);
    }

    /** All inputs of the last of {@code epochs}, row by row. */
    private static List<double[]> epoch(Augmentation augmentation, long seed, int... epochs) {
        List<double[]> rows = new ArrayList<>();
        try (Kernels kernels = Kernels.cpu();
                Samples samples = samples();
                Batches batches = new Batches(kernels, samples, IMAGE, BATCH, augmentation, seed)) {
            for (int epoch : epochs) {
                batches.shuffle(epoch);
                rows.clear();
                for (int number = 0; number < batches.count(); number++) {
                    rows.addAll(List.of(Floats.doubles(batches.get(number).inputs())));
                }
            }
        }
        return rows;
    }

    /** Each labelled with its own number. */
    private static Samples samples() {
        int[] labels = new int[SAMPLES];
        Arrays.setAll(labels, k -> k);
        return new Samples(
                Floats.random(SAMPLES * IMAGE.positions(), IMAGE.channels(), new Random(1)), Floats.integers(labels));
    }

    @Test
    void everyPlaceOfACropAndBothFlipsAreAsLikely() {
        int count = 50_000;
        int[] moves = Augmentation.parse("crop-flip,padding=2").moves(count, new RandomNumbers(1));
        int[][][] counts = new int[5][5][2];
        for (int i = 0; i < moves.length; i += 3) {
            counts[moves[i] + 2][moves[i + 1] + 2][moves[i + 2]]++;
        }
        double deviation = Math.sqrt(count * 0.02);
        for (int[][] rows : counts) {
            for (int[] columns : rows) {
                for (int seen : columns) {
                    assertThat(Math.abs(seen - count * 0.02)).isLessThan(5 * deviation);
                }
            }
        }
        assertThat(Augmentation.parse("crop").moves(1000, new RandomNumbers(1))).satisfies(some -> {
            for (int i = 2; i < some.length; i += 3) {
                assertThat(some[i]).isZero();
            }
        });
    }

    @Test
    void refusesInputsThatCannotBeMoved() {
        try (Kernels kernels = Kernels.cpu();
                Samples samples = samples()) {
            assertThatThrownBy(() ->
                            new Batches(kernels, samples, Shape.features(70), BATCH, Augmentation.parse("flip"), 1))
                    .hasMessageContaining("augment flip: the network takes 70 features; images of more than 1 x 1");
            assertThatThrownBy(
                            () -> new Batches(kernels, samples, IMAGE, BATCH, Augmentation.parse("crop,padding=5"), 1))
                    .hasMessageContaining("the network takes 2 x 5 x 7; images of more than 5 x 5 are needed");
        }
    }

    @Test
    void givesTheTextBack() {
        for (String text :
                List.of("none", "flip", "crop,padding=1,border=reflect", "crop-flip,padding=4,border=zero")) {
            assertThat(Augmentation.parse(text)).hasToString(text);
        }
        assertThat(Augmentation.parse("crop-flip")).hasToString("crop-flip,padding=4,border=zero");
        assertThat(Augmentation.parse("none")).isEqualTo(Augmentation.NONE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "crops", "none,padding=1", "flip,border=zero", "crop,padding=0", "crop,border=wrap", "crop,x"
            })
    void refusesOthers(String text) {
        assertThatThrownBy(() -> Augmentation.parse(text)).hasMessageStartingWith("augment");
    }
}
