package dev.morula.redundancy.chunks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.morula.kernel.Kernels;
import dev.morula.kernel.Matrix;
import dev.morula.kernel.Tier;
import dev.morula.kernel.Workers;
import dev.morula.redundancy.Features;
import dev.morula.redundancy.ReadOut;
import dev.morula.train.Floats;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Errors of chunks against numpy's (make_golden.py), of every sample and chunk. */
class ChunkErrorsTest {
    private static final Kernels KERNELS = Kernels.cpu();
    private static final Workers WORKERS = new Workers(2);

    @AfterAll
    static void close() {
        KERNELS.close();
        WORKERS.close();
    }

    @ParameterizedTest
    @MethodSource("dev.morula.kernel.Tiers#available")
    void areTheDefinition(Tier tier) {
        try (Kernels kernels = Kernels.cpu(tier)) {
            isTheDefinition("mixed", 4, kernels);
            isTheDefinition("wide", 2, kernels);
        }
    }

    private static void isTheDefinition(String name, int classes, Kernels kernels) {
        int[][] chunks = ChunkGolden.integers(name + ".chunks");
        int[][] wrong = ChunkGolden.integers(name + ".wrong");
        try (Matrix layer = ChunkGolden.matrix(name + ".layer");
                Matrix weight = ChunkGolden.matrix(name + ".weight");
                Matrix bias = ChunkGolden.matrix(name + ".bias")) {
            Features features = new Features(name, layer, ChunkGolden.column(name + ".labels"), classes);
            List<int[][]> sets = List.of(chunks, new int[][] {chunks[2]});
            List<ChunkErrors> errors = ChunkErrors.of(features, new ReadOut(weight, bias), sets, kernels, WORKERS);
            for (int sample = 0; sample < features.samples(); sample++) {
                int times = wrong[0][sample] + wrong[1][sample] + wrong[2][sample];
                assertThat(errors.get(0).sharesWrong()[sample]).isEqualTo(times / 3f);
                assertThat(errors.get(1).sharesWrong()[sample]).isEqualTo(wrong[2][sample]);
            }
            for (int chunk = 0; chunk < chunks.length; chunk++) {
                double expected = Arrays.stream(wrong[chunk]).average().orElseThrow();
                assertThat(errors.get(0).errors()[chunk]).isCloseTo(expected, within(1e-12));
            }
            assertThat(errors.get(1).error().standardError()).isNull();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 700})
    void dependOnTheSeedAloneAndTakeTheWholeLayerOnce(int samples) {
        int[] sizes = ChunkSizes.of(37);
        try (Workers one = new Workers(1);
                Workers three = new Workers(3);
                Matrix layer = Floats.random(samples, 37, new Random(1));
                Matrix weight = Floats.random(3, 37, new Random(2));
                Matrix bias = Floats.random(1, 3, new Random(3))) {
            Features features =
                    new Features("h", layer, new Random(4).ints(samples, 0, 3).toArray(), 3);
            ReadOut readOut = new ReadOut(weight, bias);
            List<ChunkErrors> errors = ChunkErrors.of(features, readOut, sizes, 9, 5, KERNELS, one);
            List<ChunkErrors> again = ChunkErrors.of(features, readOut, sizes, 9, 5, KERNELS, three);
            assertThat(again).usingRecursiveComparison().isEqualTo(errors);
            assertThat(errors).extracting(ChunkErrors::size).containsExactly(1, 2, 4, 9, 18, 37);
            assertThat(errors).extracting(chunks -> chunks.errors().length).containsExactly(9, 9, 9, 9, 9, 1);
            assertThat(ChunkErrors.of(features, readOut, new int[] {4}, 4, 5, KERNELS, one)
                            .get(0)
                            .errors())
                    .containsExactly(Arrays.copyOf(errors.get(2).errors(), 4));
        }
    }

    @Test
    void countWhatIsNoNumberAsWrongOnlyWhereAChunkHasIt() {
        float[][] rows = {{1, Float.NaN}, {1, 1}, {1, Float.POSITIVE_INFINITY}};
        try (Matrix layer = Matrix.of(rows);
                Matrix weight = Matrix.of(new float[][] {{1, 0}, {0, 0}});
                Matrix bias = Floats.zeros(1, 2)) {
            Features features = new Features("h", layer, new int[3], 2);
            List<int[][]> sets = List.of(new int[][] {{0}}, new int[][] {{1}}, new int[][] {{0, 1}});
            List<ChunkErrors> errors = ChunkErrors.of(features, new ReadOut(weight, bias), sets, KERNELS, WORKERS);
            assertThat(errors.get(0).sharesWrong()).containsExactly(0, 0, 0);
            assertThat(errors.get(1).sharesWrong()).containsExactly(1, 0, 1);
            assertThat(errors.get(2).sharesWrong()).containsExactly(1, 0, 1);
        }
    }

    @Test
    void refuseAReadOutOfAnotherWidthOrOfFewerClasses() {
        try (Matrix layer = Floats.zeros(2, 3);
                Matrix weight = Floats.zeros(2, 4);
                Matrix one = Floats.zeros(1, 3);
                Matrix bias = Floats.zeros(1, 2);
                Matrix single = Floats.zeros(1, 1)) {
            Features features = new Features("h", layer, new int[2], 3);
            int[] sizes = {1};
            assertThatThrownBy(() -> ChunkErrors.of(features, new ReadOut(weight, bias), sizes, 1, 1, KERNELS, WORKERS))
                    .hasMessage("layer h: has 3 neurons, but the read-out takes 4");
            assertThatThrownBy(() -> ChunkErrors.of(features, new ReadOut(one, single), sizes, 1, 1, KERNELS, WORKERS))
                    .hasMessage("layer h: has labels of 3 classes, but the read-out's outputs tell at most 2 apart");
            assertThatThrownBy(() -> RandomChunks.of(5, 6, 1, 1)).hasMessageContaining("a chunk of 6 neurons");
            assertThatThrownBy(() -> RandomChunks.of(5, 2, 0, 1)).hasMessageContaining("0 chunks");
        }
    }
}
