package dev.morula.redundancy.chunks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.morula.kernel.Kernels;
import dev.morula.kernel.Matrix;
import dev.morula.kernel.Workers;
import dev.morula.redundancy.Gram;
import dev.morula.train.Floats;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Ridge regressions of chunks against scikit-learn's (make_golden.py), and layers of which the answer is known. */
class ChunkFitsTest {
    private static final Kernels KERNELS = Kernels.cpu();
    private static final Workers WORKERS = new Workers(2);

    @AfterAll
    static void close() {
        KERNELS.close();
        WORKERS.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"mixed", "wide", "collinear", "repeated", "large", "dead", "tiny", "few"})
    void areThoseOfScikitLearn(String name) {
        int[][] chunks = ChunkGolden.integers(name + ".chunks");
        double[][] expected = ChunkGolden.doubles(name + ".fits");
        try (Matrix layer = ChunkGolden.matrix(name + ".layer");
                Gram gram = Gram.of(layer, KERNELS, WORKERS)) {
            for (int chunk = 0; chunk < chunks.length; chunk++) {
                ChunkFits fits = ChunkFits.of(gram, new int[][] {chunks[chunk]}, KERNELS, WORKERS);
                double[] actual = {
                    fits.r2().mean(),
                    fits.residualCorrelation().mean(),
                    fits.residualCorrelationAllPairs().mean(),
                    fits.predicted()
                };
                assertThat(actual).as("chunk %d", chunk).containsExactly(expected[chunk], within(1e-6));
            }
        }
    }

    @Test
    void ofIndependentNeuronsShowTheNoiseThatIsExpected() {
        try (Matrix layer = Floats.random(500, 128, new Random(3));
                Gram gram = Gram.of(layer, KERNELS, WORKERS)) {
            for (ChunkFits fits : ChunkFits.of(gram, new int[] {8, 64}, 20, 1, KERNELS, WORKERS)) {
                assertThat(fits.residualCorrelation().mean())
                        .isCloseTo(fits.independentNoise(), within(0.03 * fits.independentNoise()));
                assertThat(fits.residualCorrelationAllPairs().mean())
                        .isLessThan(fits.residualCorrelation().mean());
                assertThat(fits.predicted()).isZero();
            }
        }
    }

    @Test
    void areBelowTheWidthAndTheSameForAnyNumberOfThreads() {
        int[] sizes = ChunkSizes.of(40);
        try (Workers one = new Workers(1);
                Workers three = new Workers(3);
                Matrix layer = Floats.random(90, 40, new Random(3));
                Gram gram = Gram.of(layer, KERNELS, one)) {
            List<ChunkFits> fits = ChunkFits.of(gram, sizes, 7, 1, KERNELS, one);
            assertThat(fits).extracting(ChunkFits::size).containsExactly(1, 2, 5, 10, 20);
            assertThat(ChunkFits.of(gram, sizes, 7, 1, KERNELS, three)).isEqualTo(fits);
            assertThat(ChunkFits.of(gram, sizes, 7, 2, KERNELS, three)).isNotEqualTo(fits);
        }
    }

    @Test
    void thatTakeAllDegreesOfFreedomLeaveNothing() {
        try (Matrix layer = Floats.random(6, 24, new Random(3));
                Gram gram = Gram.of(layer, KERNELS, WORKERS)) {
            ChunkFits fits =
                    ChunkFits.of(gram, new int[] {12}, 5, 1, KERNELS, WORKERS).get(0);
            assertThat(fits.r2().mean()).isCloseTo(1, within(1e-9));
            assertThat(fits.residualCorrelation().mean()).isNull();
            assertThat(fits.residualCorrelationAllPairs().mean()).isZero();
            assertThat(fits.independentNoise()).isNull();
            assertThat(fits.predicted()).isEqualTo(12);
        }
    }

    @Test
    void ofLayersThatSayNothingAreUndefined() {
        for (float value : new float[] {0, 0.1f, Float.NaN, Float.POSITIVE_INFINITY}) {
            float[][] rows = new float[30][5];
            for (float[] row : rows) {
                Arrays.fill(row, value);
            }
            try (Matrix layer = Matrix.of(rows);
                    Gram gram = Gram.of(layer, KERNELS, WORKERS)) {
                ChunkFits fits = ChunkFits.of(gram, new int[] {2}, 5, 1, KERNELS, WORKERS)
                        .get(0);
                assertThat(fits.r2().mean()).isNull();
                assertThat(fits.residualCorrelation().mean()).isNull();
                assertThat(fits.residualCorrelationAllPairs().mean()).isNull();
            }
        }
        try (Matrix layer = Floats.random(9, 1, new Random(3));
                Gram gram = Gram.of(layer, KERNELS, WORKERS)) {
            assertThat(ChunkFits.of(gram, new int[] {1}, 5, 1, KERNELS, WORKERS))
                    .isEmpty();
            assertThatThrownBy(() -> ChunkFits.of(gram, new int[] {0}, 5, 1, KERNELS, WORKERS))
                    .hasMessageContaining("a chunk of 0 neurons: a layer of 1 has 1 to 1");
            assertThatThrownBy(() -> KERNELS.algebra().fitChunk(gram.products(), new int[] {1}, layer, 1e-8))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void takeTheMemoryThatIsSaid() {
        assertThat(ChunkFits.bytes(4096, 2048, WORKERS))
                .isEqualTo((4096L * 4096 + 2 * (2048 * 2048 + 4096 * 4096)) * 8);
        assertThat(KERNELS.algebra().chunkFitWorkspace(4096, 2048)).isEqualTo(2048 * 2048 + 4096 * 4096);
    }
}
