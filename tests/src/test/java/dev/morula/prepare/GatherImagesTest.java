package dev.morula.prepare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.morula.kernel.Backend;
import dev.morula.kernel.Kernels;
import dev.morula.kernel.Matrix;
import dev.morula.kernel.SampleKernels.Border;
import dev.morula.kernel.SampleKernels.Images;
import dev.morula.train.Floats;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Images that are gathered and moved, against crops of images that are padded in the test. */
@Tag("device")
class GatherImagesTest {
    /** height, width, channels. */
    private static final int[][] SHAPES = {{1, 1, 1}, {2, 2, 5}, {1, 7, 3}, {7, 1, 2}, {5, 3, 1}, {11, 13, 3}};

    private static final int SOURCES = 3;
    private static final int COUNT = 23;

    @ParameterizedTest
    @MethodSource("dev.morula.kernel.Backends#available")
    void cropsOfPaddedImagesAndFlips(Backend backend) {
        try (Kernels kernels = backend.open()) {
            for (int[] shape : SHAPES) {
                for (Border border : Border.values()) {
                    check(kernels, new Images(shape[0], shape[1], border), shape[2]);
                }
            }
        }
    }

    private static void check(Kernels kernels, Images images, int channels) {
        Random random = new Random(images.height() * 100L + images.width());
        int most = Math.min(images.height(), images.width()) - 1;
        int[] indices = random.ints(COUNT, 0, SOURCES).toArray();
        int[] moves = new int[3 * COUNT];
        for (int i = 0; i < COUNT; i++) {
            moves[3 * i] = random.nextInt(2 * most + 1) - most;
            moves[3 * i + 1] = random.nextInt(2 * most + 1) - most;
            moves[3 * i + 2] = random.nextInt(2);
        }
        int positions = images.height() * images.width();
        try (Matrix source = Floats.random(SOURCES * positions, channels, random);
                Matrix out = Floats.zeros(COUNT * positions, channels);
                Matrix chosen = Floats.integers(indices);
                Matrix moved = Floats.integers(moves)) {
            kernels.samples().gatherImages(out, source, chosen, moved.reshape(COUNT, 3), images);
            double[][] from = Floats.doubles(source);
            double[][] to = Floats.doubles(out);
            for (int i = 0; i < COUNT; i++) {
                double[][][] padded = padded(from, indices[i] * positions, images, channels, most);
                for (int y = 0; y < images.height(); y++) {
                    for (int x = 0; x < images.width(); x++) {
                        int column = moves[3 * i + 2] == 1 ? images.width() - 1 - x : x;
                        assertThat(to[i * positions + y * images.width() + x])
                                .as("image %d, row %d, column %d of %s", i, y, x, images)
                                .isEqualTo(padded[y + moves[3 * i] + most][column + moves[3 * i + 1] + most]);
                    }
                }
            }
        }
    }

    /** The image whose first position is row {@code first}, with {@code padding} positions more on each side. */
    private static double[][][] padded(double[][] rows, int first, Images images, int channels, int padding) {
        int height = images.height();
        int width = images.width();
        double[][][] padded = new double[height + 2 * padding][width + 2 * padding][channels];
        for (int y = 0; y < padded.length; y++) {
            for (int x = 0; x < padded[y].length; x++) {
                int row = y - padding;
                int column = x - padding;
                boolean inside = row >= 0 && row < height && column >= 0 && column < width;
                if (inside || images.border() == Border.REFLECT) {
                    padded[y][x] = rows[first + mirrored(row, height) * width + mirrored(column, width)];
                }
            }
        }
        return padded;
    }

    private static int mirrored(int at, int length) {
        int period = Math.max(1, 2 * (length - 1));
        int within = Math.floorMod(at, period);
        return Math.min(within, period - within) % Math.max(1, length);
    }

    @Test
    void refusesWhatDoesNotFit() {
        Images images = new Images(2, 3, Border.ZERO);
        try (Kernels kernels = Kernels.cpu();
                Matrix source = Floats.zeros(12, 1);
                Matrix out = Floats.zeros(6, 1);
                Matrix indices = Floats.integers(1)) {
            assertRefused(kernels, out, source, indices, images, "image 0 is moved by -2", 0, -2, 0);
            assertRefused(kernels, out, source, indices, images, "shorter side has 2 positions", 2, 0, 0);
            assertRefused(kernels, out, source, indices, images, "moves is 1 x 2 I32, not 1 x 3 I32", 0, 0);
            assertRefused(kernels, source, source, indices, images, "out is 12 x 1 F32, not 6 x 1 F32", 0, 0, 0);
            Images odd = new Images(5, 1, Border.ZERO);
            assertRefused(
                    kernels, out, source, indices, odd, "source has 12 rows, which are no images of 5 x 1", 0, 0, 0);
            indices.write(0, new int[] {2}, 0, 1);
            assertRefused(kernels, out, source, indices, images, "index 2, but there are 2 images", 0, 0, 0);
        }
    }

    private static void assertRefused(
            Kernels kernels, Matrix out, Matrix source, Matrix indices, Images images, String message, int... moves) {
        try (Matrix moved = Floats.integers(moves)) {
            assertThatThrownBy(() -> kernels.samples()
                            .gatherImages(out, source, indices, moved.reshape(1, moves.length), images))
                    .hasMessageContaining(message);
        }
    }
}
