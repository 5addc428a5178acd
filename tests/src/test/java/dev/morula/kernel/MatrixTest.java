package dev.morula.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.morula.MorulaException;
import dev.morula.MorulaException.Kind;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a matrix holds and refuses; MatrixLifetimeTest has its end, MappedMatrixTest files. */
class MatrixTest {
    @Test
    void holdsWhatWasWritten() {
        try (Matrix matrix = Matrix.of(new float[][] {{1, 2, 3}, {4, 5, 6}})) {
            assertThat(matrix.row(1)).containsExactly(4, 5, 6);
            assertThat(matrix.slice(1, 1).row(0)).containsExactly(4, 5, 6);
        }
    }

    @Test
    void holdsEveryTypeOfNumber() {
        try (Matrix doubles = Matrix.allocate(ElementType.F64, 2, 3);
                Matrix ints = Matrix.allocate(ElementType.I32, 2, 3);
                Matrix longs = Matrix.allocate(ElementType.I64, 2, 3)) {
            doubles.write(1, new double[] {9, 0.1, -0.2, 9}, 1, 2);
            ints.write(1, new int[] {9, 7, -8, 9}, 1, 2);
            longs.write(1, new long[] {9, 1L << 40, -1, 9}, 1, 2);
            double[] someDoubles = new double[5];
            int[] someInts = new int[5];
            long[] someLongs = new long[5];
            doubles.read(0, someDoubles, 1, 4);
            ints.read(0, someInts, 1, 4);
            longs.read(0, someLongs, 1, 4);
            assertThat(someDoubles).containsExactly(0, 0, 0.1, -0.2, 0);
            assertThat(someInts).containsExactly(0, 0, 7, -8, 0);
            assertThat(someLongs).containsExactly(0, 0, 1L << 40, -1, 0);
        }
    }

    @ParameterizedTest
    @EnumSource(ElementType.class)
    void bytesAreThoseOfTheElements(ElementType type) {
        try (Matrix matrix = Matrix.allocate(type, 3, 5);
                Matrix copy = Matrix.allocate(type, 15, 1)) {
            byte[] written = new byte[4 * type.bytes()];
            for (int k = 0; k < written.length; k++) {
                written[k] = (byte) (k + 1);
            }
            matrix.writeBytes(11, written, 4);
            matrix.copyTo(10, copy, 9, 5);
            byte[] read = new byte[written.length];
            copy.readBytes(10, read, 4);
            assertThat(read).isEqualTo(written);
            assertThat(matrix.bytes()).isEqualTo(15L * type.bytes());
        }
    }

    static Stream<ThrowingCallable> accessesOutside() {
        Matrix matrix = Matrix.of(new float[2][3]);
        Matrix row = matrix.slice(1, 1);
        return Stream.of(
                () -> matrix.read(4, new float[9], 0, 3),
                () -> matrix.read(-1, new float[9], 0, 3),
                () -> matrix.read(0, new float[3], 1, 3),
                () -> matrix.write(6, new float[1], 0, 1),
                () -> matrix.readBytes(5, new byte[8], 2),
                () -> matrix.readBytes(0, new byte[7], 2),
                () -> matrix.writeBytes(5, new byte[8], 2),
                () -> matrix.copyTo(4, Matrix.of(new float[2][3]), 0, 3),
                () -> matrix.copyTo(0, Matrix.of(new float[2][3]), 4, 3),
                () -> matrix.row(2),
                () -> matrix.slice(1, 2),
                () -> row.row(1),
                () -> row.read(0, new float[9], 0, 4),
                () -> row.slice(-1, 1));
    }

    @ParameterizedTest
    @MethodSource("accessesOutside")
    void refusesAccessOutside(ThrowingCallable access) {
        assertThatThrownBy(access).isInstanceOf(IndexOutOfBoundsException.class);
    }

    @ParameterizedTest
    @EnumSource(value = ElementType.class, mode = Mode.EXCLUDE, names = "F32")
    void refusesNumbersOfAnotherType(ElementType type) {
        try (Matrix matrix = Matrix.allocate(type, 2, 2);
                Matrix floats = Matrix.allocate(ElementType.F32, 2, 2)) {
            for (ThrowingCallable access : List.<ThrowingCallable>of(
                    () -> matrix.row(0),
                    () -> matrix.write(0, new float[1], 0, 1),
                    () -> matrix.copyTo(0, floats, 0, 1))) {
                assertThatThrownBy(access)
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageContaining(type.name())
                        .hasMessageContaining("F32");
            }
        }
    }

    @Test
    void refusesShapesThatNoMemoryHolds() {
        assertThatThrownBy(() -> Matrix.allocate(ElementType.F32, 0, 3))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("0 x 3");
        assertResources(() -> Matrix.allocate(ElementType.F64, 1L << 31, 1L << 31), "larger than any memory");
        assertResources(() -> Matrix.allocate(ElementType.F32, 1L << 30, 1L << 30), "cannot allocate");
    }

    @ParameterizedTest
    @ValueSource(longs = {1L << 38, 1L << 48, 1L << 58}) // petabytes and more
    void aScratchFileThatDoesNotFitTheDiskIsRefusedAtOnce(long rows, @TempDir Path folder) {
        assertResources(() -> Matrix.scratch(folder, ElementType.F64, rows, 1 << 12), "");
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void aScratchFileHasNoName(@TempDir Path folder) {
        try (Matrix matrix = Matrix.scratch(folder, ElementType.F32, 1000, 1000)) {
            matrix.write(999_999, new float[] {7}, 0, 1);
            assertThat(matrix.row(999)[999]).isEqualTo(7);
            assertThat(matrix.row(0)).containsOnly(0);
            assertThat(folder).isEmptyDirectory();
        }
    }

    @Test
    void aScratchFolderThatIsMissingIsBadInput(@TempDir Path folder) {
        Path missing = folder.resolve("missing");
        assertThatThrownBy(() -> Matrix.scratch(missing, ElementType.F32, 2, 2))
                .isInstanceOfSatisfying(
                        MorulaException.class, e -> assertThat(e.kind()).isEqualTo(Kind.INPUT))
                .hasMessageContaining(missing.toString())
                .hasMessageContaining("No such file or directory");
    }

    private static void assertResources(ThrowingCallable allocation, String message) {
        assertThatThrownBy(allocation)
                .isInstanceOfSatisfying(
                        MorulaException.class, e -> assertThat(e.kind()).isEqualTo(Kind.RESOURCES))
                .hasMessageContaining(message);
    }
}
