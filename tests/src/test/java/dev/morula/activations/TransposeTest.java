package dev.morula.activations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.morula.kernel.Block;
import dev.morula.kernel.ElementType;
import dev.morula.kernel.Kernels;
import dev.morula.kernel.Matrix;
import dev.morula.kernel.Tier;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

@ParameterizedClass
@MethodSource("dev.morula.kernel.Tiers#available")
class TransposeTest {
    private static final int[] SIZES = {1, 2, 3, 15, 16, 17, 64, 255, 300, 1021};

    @Parameter
    Tier tier;

    private Kernels kernels;

    @BeforeEach
    void open() {
        kernels = Kernels.cpu(tier);
    }

    @AfterEach
    void close() {
        kernels.close();
    }

    @ParameterizedTest
    @EnumSource(
            value = ElementType.class,
            names = {"F16", "F32", "F64"})
    void putsEveryElementInItsPlace(ElementType type) {
        for (int rows : SIZES) {
            for (int columns : SIZES) {
                check(type, rows, columns, 0, new Block(0, rows, 0, columns));
            }
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = ElementType.class,
            names = {"BF16", "F32", "F64"})
    void touchesItsBlockOnly(ElementType type) {
        check(type, 101, 611, 5, new Block(3, 97, 7, 600));
        check(type, 701, 67, 0, new Block(699, 2, 1, 1));
        check(type, 5, 5, 0, new Block(2, 0, 5, 0));
    }

    @Test
    void readsInputThatIsNotAligned(@TempDir Path folder) throws IOException {
        byte[] bytes = new byte[1 + 37 * 41 * Float.BYTES];
        new Random(2).nextBytes(bytes);
        Path file = Files.write(folder.resolve("odd"), bytes);
        try (Matrix in = Matrix.map(file, 1, ElementType.F32, 37, 41);
                Matrix out = Matrix.allocate(ElementType.F32, 41, 37)) {
            kernels.transpose(out, 0, in, new Block(0, 37, 0, 41));
            byte[] expected = Arrays.copyOfRange(bytes, 1, bytes.length);
            assertThat(bytes(out)).isEqualTo(transposed(expected, Float.BYTES, 37, 41));
        }
    }

    @Test
    void refusesBlocksOutsideTheMatrices() {
        try (Matrix in = Matrix.allocate(ElementType.F32, 3, 5);
                Matrix out = Matrix.allocate(ElementType.F32, 5, 3);
                Matrix half = Matrix.allocate(ElementType.F16, 5, 3)) {
            assertThatThrownBy(() -> kernels.transpose(out, 0, in, new Block(1, 3, 0, 5)))
                    .isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> kernels.transpose(out, 1, in, new Block(0, 3, 0, 5)))
                    .isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> kernels.transpose(half, 0, in, new Block(0, 3, 0, 5)))
                    .hasMessage("F32 cannot become F16");
        }
    }

    private void check(ElementType type, int rows, int columns, int firstSample, Block block) {
        int samples = firstSample + (int) block.rows() + 2;
        byte[] values = new byte[rows * columns * type.bytes()];
        new Random(1).nextBytes(values);
        try (Matrix in = Matrix.allocate(type, rows, columns);
                Matrix out = Matrix.allocate(type, columns, samples)) {
            in.writeBytes(0, values, rows * columns);
            kernels.transpose(out, firstSample, in, block);
            byte[] whole = transposed(values, type.bytes(), rows, columns);
            assertThat(bytes(out)).isEqualTo(expected(whole, type.bytes(), rows, columns, samples, firstSample, block));
        }
    }

    /** The block's part of the transpose {@code whole}, amid zeros. */
    private static byte[] expected(
            byte[] whole, int size, int rows, int columns, int samples, int firstSample, Block block) {
        byte[] expected = new byte[columns * samples * size];
        for (int neuron = (int) block.firstColumn(); neuron < block.firstColumn() + block.columns(); neuron++) {
            int from = (neuron * rows + (int) block.firstRow()) * size;
            System.arraycopy(whole, from, expected, (neuron * samples + firstSample) * size, (int) block.rows() * size);
        }
        return expected;
    }

    private static byte[] transposed(byte[] values, int size, int rows, int columns) {
        byte[] transposed = new byte[values.length];
        for (int row = 0; row < rows; row++) {
            for (int column = 0; column < columns; column++) {
                System.arraycopy(
                        values, (row * columns + column) * size, transposed, (column * rows + row) * size, size);
            }
        }
        return transposed;
    }

    private static byte[] bytes(Matrix matrix) {
        byte[] bytes = new byte[(int) matrix.bytes()];
        matrix.readBytes(0, bytes, (int) (matrix.rows() * matrix.columns()));
        return bytes;
    }
}
