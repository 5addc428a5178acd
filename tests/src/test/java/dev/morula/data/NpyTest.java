package dev.morula.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.morula.MorulaException;
import dev.morula.MorulaException.Kind;
import dev.morula.data.StoredArray.Order;
import dev.morula.kernel.ElementType;
import dev.morula.kernel.Matrix;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NpyTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({"half,F16", "single,F32", "double,F64", "int,I32", "long,I64"})
    void readsWhatNumPyWrites(String name, ElementType type) {
        StoredArray array = Npy.open(Golden.file(name + ".npy"));
        assertThat(array.type()).isEqualTo(type);
        assertThat(array.shape()).containsExactly(3L, 5L);
        assertThat(array.order()).isEqualTo(Order.C);
        assertThat(array.isAligned()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"single", "version2", "version3"})
    void readsEveryVersion(String name) {
        try (Matrix matrix = Npy.open(Golden.file(name + ".npy")).map()) {
            assertThat(matrix.row(2)).containsExactly(10, 11, 12, 13, 14);
        }
    }

    @Test
    void mapsFortranOrderAsTheTranspose() {
        StoredArray array = Npy.open(Golden.file("fortran.npy"));
        assertThat(array.shape()).containsExactly(3L, 5L);
        try (Matrix matrix = array.map()) {
            assertThat(matrix.rows()).isEqualTo(5);
            assertThat(matrix.row(1)).containsExactly(1, 6, 11);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "big_endian.npy ; has big-endian elements of type \">f4\"",
                "complex.npy ; has complex numbers of type \"<c8\"",
                "object.npy ; has Python objects of type \"|O\"",
                "structured.npy ; its header is not that of a plain array: at character 10 there should be a string",
            },
            quoteCharacter = '`')
    void refusesOtherElements(String name, String message) {
        assertRefused(Golden.file(name), name + ": " + message);
    }

    @Test
    void writesTheBytesThatNumPyWrites() throws IOException {
        Path file = folder.resolve("out.npy");
        try (Matrix matrix = Npy.open(Golden.file("single.npy")).map()) {
            Npy.write(file, matrix);
        }
        assertThat(file).hasBinaryContent(Golden.bytes("single.npy"));
    }

    @Test
    void streamsAnArrayPieceByPiece() {
        Path file = folder.resolve("out.npy");
        try (NpyWriter writer = NpyWriter.create(file, ElementType.I64, 2, 1, 3)) {
            writer.append(new long[] {1, 2});
            writer.append(new long[] {3, 4, 5, 6});
            writer.commit();
        }
        assertThat(Npy.open(file).shape()).containsExactly(2L, 1L, 3L);
        assertRefused(() -> Npy.open(file).map(), "a matrix or vector");
    }

    @Test
    void writesAVectorThatIsEmpty() {
        Path file = folder.resolve("out.npy");
        try (NpyWriter writer = NpyWriter.create(file, ElementType.I32, 0)) {
            writer.commit();
        }
        assertThat(Npy.open(file).count()).isZero();
    }

    @Test
    void takesExactlyAsManyElementsAsPromised() {
        try (NpyWriter writer = NpyWriter.create(folder.resolve("out.npy"), ElementType.F32, 3)) {
            writer.append(new float[] {1, 2});
            assertThatThrownBy(writer::commit).hasMessageContaining("2 of 3 elements were written");
            assertThatThrownBy(() -> writer.append(new float[2])).hasMessageContaining("1 elements F32 are missing");
            assertThatThrownBy(() -> writer.append(new int[1])).isInstanceOf(IllegalArgumentException.class);
        }
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void refusesFilesThatAreNone() throws IOException {
        assertRefused(folder.resolve("gone.npy"), "gone.npy: there is no such file");
        assertRefused(folder, "is a folder, not a file");
        assertRefused(Path.of("/dev/null"), "is not a regular file");
        assertRefused(Files.createFile(folder.resolve("empty.npy")), "empty.npy: is empty");
        assertRefused(
                file("PK34567890".getBytes()),
                "is not an .npy array: it does not begin with \\x93NUMPY (numpy.save makes one");
    }

    @Test
    void refusesEveryTruncation() throws IOException {
        byte[] whole = Golden.bytes("single.npy");
        int header = whole.length - 15 * Float.BYTES;
        for (int length = 1; length < whole.length; length++) {
            String expected = length < header
                    ? "is truncated: it ends inside its header"
                    : "is truncated: shape (3, 5) of <f4 takes 60 bytes, but " + (length - header) + " follow";
            assertRefused(file(Arrays.copyOf(whole, length)), expected);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "(3, 6); is truncated: shape (3, 6) of <f4 takes 72 bytes, but 60 follow the header",
                "(3, 4); has more bytes than its array: shape (3, 4) of <f4 takes 48 bytes, but 60 follow",
                "(-3, -5); claims the impossible shape (-3, -5)",
                "(4294967296, 4294967296); which is more than any file holds",
                "(99999999999999999999, 1); there should be a whole number below 2^63",
                "(3 5); there should be ')'",
                "(15); there should be a comma",
                "[3, 5]; there should be a string",
                "'(3, 5)'; its header must give descr, fortran_order and shape",
                "(3, 5), 'more': 'x'; its header must give descr, fortran_order and shape",
                "(3, 5), 'shape': (3, 5); there should be each key once",
                "(3, 5)} + {; there should be nothing after the dictionary",
            },
            quoteCharacter = '`')
    void refusesHeadersThatLie(String shape, String message) throws IOException {
        assertRefused(withHeader("{'descr': '<f4', 'fortran_order': False, 'shape': " + shape + ", }"), message);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{}", "[]", "{'descr': '<f4'}", "None", "{descr: 1}", "{'a': '\\x41'}", "{'a"})
    void refusesHeadersThatAreNoDictionaryOfThese(String header) throws IOException {
        assertRefused(withHeader(header), "its header");
    }

    @Test
    void refusesUnknownVersionsAndEndlessHeaders() throws IOException {
        byte[] bytes = Golden.bytes("single.npy");
        bytes[6] = 4;
        assertRefused(file(bytes), "has .npy version 4; 1, 2 and 3 are known");
        byte[] second = Golden.bytes("version2.npy");
        Arrays.fill(second, 8, 12, (byte) 0xff);
        assertRefused(file(second), "claims a header of 4294967295 bytes");
    }

    private Path withHeader(String text) throws IOException {
        byte[] header = (text + "\n").getBytes(StandardCharsets.ISO_8859_1);
        byte[] start = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0, (byte) header.length, 0};
        byte[] all = Arrays.copyOf(start, start.length + header.length + 60);
        System.arraycopy(header, 0, all, start.length, header.length);
        return file(all);
    }

    private Path file(byte[] bytes) throws IOException {
        return Files.write(folder.resolve("bad.npy"), bytes);
    }

    private static void assertRefused(Path file, String message) {
        assertRefused(() -> Npy.open(file), message);
    }

    private static void assertRefused(ThrowingCallable call, String message) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        MorulaException.class, e -> assertThat(e.kind()).isEqualTo(Kind.INPUT))
                .hasMessageContaining(message);
    }
}
