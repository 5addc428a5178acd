package dev.morula.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.morula.MorulaException;
import dev.morula.MorulaException.Kind;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A matrix that lies in a file. */
class MappedMatrixTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 4, 63, 4095, 4096, 4097, 8191, 12345})
    void beginsAtAnyByte(int offset) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(offset + 15 * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (int k = 0; k < 15; k++) {
            bytes.putFloat(offset + k * Float.BYTES, k);
        }
        Path file = Files.write(folder.resolve("matrix"), bytes.array());
        try (Matrix matrix = Matrix.map(file, offset, ElementType.F32, 3, 5)) {
            assertThat(matrix.row(2)).containsExactly(10, 11, 12, 13, 14);
            assertThat(matrix.slice(1, 1).row(0)).containsExactly(5, 6, 7, 8, 9);
        }
    }

    @ParameterizedTest
    @CsvSource({"0, 31", "1, 30", "60, 1", "61, 1", "0, 500000", "9000000000, 30"})
    void refusesWhatLiesBeyondTheEnd(long offset, int elements) throws IOException {
        Path file = Files.write(folder.resolve("short"), new byte[60]);
        assertBadInput(file, offset, elements, "has 60 bytes, but bytes " + offset + " to " + (offset + 2L * elements));
    }

    @Test
    void refusesWhatIsNoFile() throws IOException {
        assertBadInput(folder.resolve("missing"), 0, 2, "No such file or directory");
        assertBadInput(Files.createFile(folder.resolve("empty")), 0, 2, "has 0 bytes");
        assertBadInput(folder, 0, 2, "cannot be mapped");
    }

    private static void assertBadInput(Path file, long offset, int elements, String message) {
        assertThatThrownBy(() -> Matrix.map(file, offset, ElementType.F16, 1, elements))
                .isInstanceOfSatisfying(
                        MorulaException.class, e -> assertThat(e.kind()).isEqualTo(Kind.INPUT))
                .hasMessageContaining(file.toString())
                .hasMessageContaining(message);
    }

    @Test
    void reachesElementsBeyondTwoToThe31() throws IOException {
        long elements = (1L << 31) + 7;
        Path file = folder.resolve("sparse");
        try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
            sparse.setLength(elements * Float.BYTES); // 8 GiB, of which one block is on the disk
            sparse.seek((elements - 2) * Float.BYTES);
            sparse.writeInt(Integer.reverseBytes(Float.floatToIntBits(7)));
        }
        try (Matrix matrix = Matrix.map(file, 0, ElementType.F32, elements, 1);
                Matrix copy = Matrix.allocate(ElementType.F32, 1, 3)) {
            assertThat(matrix.bytes()).isEqualTo(4 * elements);
            assertThat(matrix.row(elements - 2)).containsExactly(7);
            assertThat(matrix.slice(elements - 3, 3).row(1)).containsExactly(7);
            matrix.copyTo(elements - 3, copy, 0, 3);
            assertThat(copy.row(0)).containsExactly(0, 7, 0);
            assertThatThrownBy(() -> matrix.row(elements)).isInstanceOf(IndexOutOfBoundsException.class);
        }
    }
}
