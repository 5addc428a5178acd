package dev.morula.activations;

import static org.assertj.core.api.Assertions.assertThat;

import dev.morula.data.Npy;
import dev.morula.data.NpyWriter;
import dev.morula.kernel.Block;
import dev.morula.kernel.ElementType;
import dev.morula.kernel.Kernels;
import dev.morula.kernel.Matrix;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file of more than 2^31 elements, sparse on the disk. */
class LargeFileTest {
    private static final long SAMPLES = 70_000;
    private static final long NEURONS = 40_000;

    @Test
    void findsTheLastElements(@TempDir Path folder) throws IOException {
        Path file = sparse(folder);
        Activations activations = Activations.open(List.of(file.toString()), Layout.SAMPLES_FIRST);
        assertThat(activations.samples()).isEqualTo(SAMPLES);
        assertThat(activations.bytes()).isEqualTo(SAMPLES * NEURONS * 2).isGreaterThan(1L << 32);
        try (Kernels kernels = Kernels.cpu();
                Matrix matrix = Npy.open(file).map();
                Matrix turned = Matrix.allocate(ElementType.F16, NEURONS, 20)) {
            kernels.transpose(turned, 0, matrix, new Block(SAMPLES - 20, 20, NEURONS - 100, 100));
            byte[] last = new byte[4];
            turned.readBytes(NEURONS * 20 - 2, last, 2);
            assertThat(last).containsExactly(0, 0, 7, 60);
        }
    }

    /** Zeros, but for the last element. */
    private static Path sparse(Path folder) throws IOException {
        Path small = folder.resolve("small.npy");
        try (NpyWriter writer = NpyWriter.create(small, ElementType.F16, 0, NEURONS)) {
            writer.commit();
        }
        byte[] header = Files.readAllBytes(small);
        String text = new String(header, StandardCharsets.ISO_8859_1);
        byte[] longer = text.replaceFirst("\\(0, (\\d+)\\), }    ", "(" + SAMPLES + ", $1), }")
                .getBytes(StandardCharsets.ISO_8859_1);
        Path file = folder.resolve("large.npy");
        try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
            sparse.write(longer);
            sparse.setLength(header.length + SAMPLES * NEURONS * 2);
            sparse.seek(sparse.length() - 2);
            sparse.write(new byte[] {7, 60});
        }
        return file;
    }
}
