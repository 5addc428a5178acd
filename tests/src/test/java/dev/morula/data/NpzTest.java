package dev.morula.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.morula.MorulaException;
import dev.morula.MorulaException.Kind;
import dev.morula.kernel.ElementType;
import dev.morula.kernel.Matrix;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NpzTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"stored.npz", "deflated.npz", "zip64.npz"})
    void readsWhatNumPyWrites(String name) {
        NpzFile file = NpzFile.open(Golden.file(name));
        assertThat(file.names()).containsExactly("single", "long", "name");
        assertThat(file.array("single").shape()).containsExactly(3L, 5L);
        assertThat(file.array("long").integers()).containsExactly(1, -2, 1L << 40);
        assertThat(file.array("name").text()).isEqualTo("csr");
        try (Matrix matrix = file.array("single").matrix(Matrix::allocate)) {
            assertThat(matrix.row(2)).containsExactly(10, 11, 12, 13, 14);
        }
    }

    @Test
    void followsTheDirectoryOfAnArchiveOverFourGigabytes() throws IOException {
        byte[] bytes = Golden.bytes("zip64.npz");
        Arrays.fill(bytes, bytes.length - 10, bytes.length - 2, (byte) 0xff); // "see zip64", in the last record
        Path file = Files.write(folder.resolve("large.npz"), bytes);
        assertThat(NpzFile.open(file).array("name").text()).isEqualTo("csr");
        bytes[bytes.length - 22 - 20] ^= 1; // the locator of the zip64 record
        assertRefused(bytes, "is a damaged zip archive: its zip64 directory is missing");
    }

    @Test
    void readsAGraphOfSciPy() {
        NpzFile file = NpzFile.open(Golden.file("scipy.npz"));
        assertThat(file.array("format").text()).isEqualTo("csr");
        assertThat(file.array("shape").integers()).containsExactly(3, 3);
        assertThat(file.array("indptr").integers()).containsExactly(0, 1, 3, 4);
        assertThat(file.array("indices").type()).isEqualTo(ElementType.I32);
        try (Matrix data = file.array("data").matrix(Matrix::allocate)) {
            assertThat(data.rows()).isEqualTo(4);
            assertThat(data.row(1)).containsExactly(0.5f);
        }
    }

    @Test
    void mapsWhatItWrites() {
        Path target = folder.resolve("graph.npz");
        float[][] odd = new float[1021][257]; // larger than one chunk
        Random random = new Random(1);
        Arrays.stream(odd).forEach(row -> Arrays.setAll(new Float[row.length], i -> row[i] = random.nextFloat()));
        try (Matrix matrix = Matrix.of(odd);
                NpzWriter writer = NpzWriter.create(target)) {
            writer.write("x", new int[] {1, 2, 3});
            writer.write("parts", List.of(matrix.slice(0, 1), matrix.slice(1, 1020)));
            writer.write("matrix", matrix);
            writer.write("none", new int[0]);
            writer.writeText("format", "csr");
            writer.commit();
        }
        NpzFile file = NpzFile.open(target);
        assertThat(file.array("x").integers()).containsExactly(1, 2, 3);
        assertThat(file.array("none").count()).isZero();
        assertThat(file.array("none").integers()).isEmpty();
        assertThat(file.array("format").text()).isEqualTo("csr");
        try (Matrix parts = file.array("parts").matrix(NpzTest::refuse);
                Matrix matrix = file.array("matrix").matrix(NpzTest::refuse)) {
            assertThat(parts.rows()).isEqualTo(1021 * 257);
            float[] values = new float[257];
            parts.read(1020 * 257, values, 0, 257);
            assertThat(values).containsExactly(odd[1020]).containsExactly(matrix.row(1020));
        }
    }

    /** Stands for the promise that nothing is copied. */
    private static Matrix refuse(ElementType type, long rows, long columns) {
        throw new AssertionError("a stored, aligned array is mapped");
    }

    @Test
    void writesTheSameBytesTwice() throws IOException {
        byte[][] written = new byte[2][];
        for (int i = 0; i < 2; i++) {
            Path target = folder.resolve("graph.npz");
            try (NpzWriter writer = NpzWriter.create(target)) {
                writer.write("indptr", new long[] {0, 1L << 33});
                writer.write("data", new float[] {0.5f});
                writer.commit();
            }
            written[i] = Files.readAllBytes(target);
        }
        assertThat(written[0]).isEqualTo(written[1]);
    }

    @Test
    void leavesNothingWithoutACommit() {
        try (NpzWriter writer = NpzWriter.create(folder.resolve("graph.npz"))) {
            writer.write("x", new int[] {1});
        }
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void saysWhatAnArrayIsNot() {
        NpzFile file = NpzFile.open(Golden.file("stored.npz"));
        assertThatThrownBy(() -> file.array("gone"))
                .hasMessageContaining("has no array \"gone\"; it has single, long, name");
        assertThatThrownBy(() -> file.array("single").integers()).hasMessageContaining("whole numbers are needed");
        assertThatThrownBy(() -> file.array("single").text()).hasMessageContaining("one bytes scalar is needed");
        assertThatThrownBy(() -> file.array("name").integers()).hasMessageContaining("\"|S3\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"stored.npz", "deflated.npz"})
    void refusesEveryTruncation(String name) throws IOException {
        byte[] whole = Golden.bytes(name);
        assertRefused(new byte[0], "is empty");
        for (int length = 1; length < whole.length; length++) {
            assertRefused(Arrays.copyOf(whole, length), "is not an .npz archive, or is truncated");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"deflated.npz", "zip64.npz"})
    void anyDamagedByteIsRefusedOrHarmless(String name) throws IOException {
        byte[] whole = Golden.bytes(name);
        for (int at = 0; at < whole.length; at++) {
            byte[] damaged = whole.clone();
            damaged[at] ^= (byte) 0x5a;
            Path file = Files.write(folder.resolve("bad.npz"), damaged);
            try {
                NpzFile archive = NpzFile.open(file);
                archive.array("long").integers();
                archive.array("name").text();
                archive.array("single").matrix(Matrix::allocate).close();
            } catch (MorulaException e) {
                assertThat(e.kind()).isEqualTo(Kind.INPUT);
                assertThat(e).hasMessageStartingWith(file.toString());
            }
        }
    }

    @Test
    void noticesAWrongChecksum() throws IOException {
        byte[] bytes = Golden.bytes("stored.npz");
        Path file = folder.resolve("bad.npz");
        int at = new String(bytes, StandardCharsets.ISO_8859_1).indexOf("csr", 40);
        bytes[at] = 'x';
        Files.write(file, bytes);
        assertThatThrownBy(() -> NpzFile.open(file).array("name").text())
                .hasMessageContaining("bad.npz:name: is damaged: its checksum does not fit");
    }

    private void assertRefused(byte[] bytes, String message) throws IOException {
        Path file = Files.write(folder.resolve("bad.npz"), bytes);
        assertThatThrownBy(() -> NpzFile.open(file))
                .isInstanceOfSatisfying(
                        MorulaException.class, e -> assertThat(e.kind()).isEqualTo(Kind.INPUT))
                .hasMessageContaining("bad.npz: " + message);
    }
}
