package dev.morula.activations;

import static org.assertj.core.api.Assertions.assertThat;

import dev.morula.data.SafetensorsWriter;
import dev.morula.data.SafetensorsWriter.Tensor;
import dev.morula.kernel.ElementType;
import dev.morula.kernel.Kernels;
import dev.morula.kernel.Matrices;
import dev.morula.kernel.Matrix;
import dev.morula.kernel.Workers;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Two layers in one matrix: no value changes, whatever the types. */
class LayerPairTest {
    // What every 16-bit type has: powers of two down to the smallest of a half, and few bits.
    private static final double[][] FIRST = {{1.5, -2, 0}, {-1.75, 0x1p-14, 256}};
    private static final double[][] HALVES = {{0x1p-24, -0x3p-24, 65504}, {-0.0, 0x1.ff8p-15, -1.25}};

    @TempDir
    private Path folder;

    private Activations layer(String name, double[][] neurons, ElementType type) {
        Path file = folder.resolve(name + ".safetensors");
        try (Matrix matrix = Matrices.of(neurons, type)) {
            SafetensorsWriter.write(file, List.of(Tensor.matrix("layer", matrix)), Map.of());
        }
        return Activations.open(List.of(file.toString()), Layout.NEURONS_FIRST);
    }

    private static double[] read(Matrix matrix) {
        double[] values = new double[(int) (matrix.rows() * matrix.columns())];
        if (matrix.type() == ElementType.F64) {
            matrix.read(0, values, 0, values.length);
            return values;
        }
        float[] floats = new float[values.length];
        matrix.read(0, floats, 0, floats.length);
        for (int k = 0; k < floats.length; k++) {
            values[k] = floats[k];
        }
        return values;
    }

    @ParameterizedTest
    @CsvSource({"BF16, F16, F32", "F32, F16, F32", "F64, F16, F64", "F32, F32, F32", "BF16, F64, F64", "F64, F32, F64"})
    void bothAreInTheSmallerTypeThatHoldsThem(ElementType one, ElementType other, ElementType expected) {
        LayerPair pair = LayerPair.of(layer("first", FIRST, one), layer("second", HALVES, other));
        AtomicLong bytes = new AtomicLong();
        try (Kernels kernels = Kernels.cpu();
                Workers workers = new Workers(2);
                Matrix both = pair.neuronMajor(Matrix::allocate, kernels, workers, bytes::addAndGet)) {
            assertThat(both.type()).isEqualTo(expected);
            assertThat(read(both))
                    .containsExactly(
                            1.5, -2, 0, -1.75, 0x1p-14, 256, 0x1p-24, -0x3p-24, 65504, -0.0, 0x1.ff8p-15, -1.25);
        }
        assertThat(bytes.get()).isEqualTo(pair.bytes());
    }

    @Test
    void infiniteAndUndefinedHalvesStayThat() {
        double[][] odd = {{Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY}};
        LayerPair pair = LayerPair.of(layer("first", FIRST, ElementType.F32), layer("second", odd, ElementType.F16));
        try (Kernels kernels = Kernels.cpu();
                Workers workers = new Workers(1);
                Matrix both = pair.neuronMajor(Matrix::allocate, kernels, workers, bytes -> {})) {
            assertThat(both.row(2)).containsExactly(Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY);
        }
    }
}
