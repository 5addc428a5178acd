package dev.morula.activations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.morula.MorulaException;
import dev.morula.MorulaException.Kind;
import dev.morula.data.Npy;
import dev.morula.data.NpyWriter;
import dev.morula.data.SafetensorsWriter;
import dev.morula.kernel.ElementType;
import dev.morula.kernel.Kernels;
import dev.morula.kernel.Matrix;
import dev.morula.kernel.Workers;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ActivationsTest {
    @TempDir
    Path folder;

    private final AtomicLong progress = new AtomicLong();

    @Test
    void turnsSamplesIntoNeurons() {
        int neurons = 40_001; // three panels, the last one odd
        float[][] samples = new float[3][neurons];
        for (int sample = 0; sample < samples.length; sample++) {
            for (int neuron = 0; neuron < neurons; neuron++) {
                samples[sample][neuron] = sample * 100_000 + neuron;
            }
        }
        Activations activations = Activations.open(List.of(write("layer.npy", samples)), Layout.SAMPLES_FIRST);
        assertThat(activations.isNeuronMajor()).isFalse();
        try (Matrix matrix = neuronMajor(activations)) {
            assertThat(matrix.rows()).isEqualTo(neurons);
            for (int neuron : new int[] {0, 1, 16_383, 16_384, 20_000, 32_768, 40_000}) {
                assertThat(matrix.row(neuron)).containsExactly(neuron, 100_000 + neuron, 200_000 + neuron);
            }
        }
        assertThat(progress).hasValue(activations.bytes());
    }

    @Test
    void joinsShardsAlongSamples() throws IOException {
        float[][] samples = randomish(1000, 7);
        String first = write("a.npy", Arrays.copyOfRange(samples, 0, 301));
        String second = writeFortran("b.npy", Arrays.copyOfRange(samples, 301, 302));
        Path third = folder.resolve("c.safetensors");
        try (Matrix rest = Matrix.of(Arrays.copyOfRange(samples, 302, 1000))) {
            SafetensorsWriter.write(third, List.of(SafetensorsWriter.Tensor.matrix("x", rest)), Map.of());
        }
        Activations activations = Activations.open(List.of(first, second, third + ":x"), Layout.SAMPLES_FIRST);
        assertThat(activations.samples()).isEqualTo(1000);
        assertThat(activations.neurons()).isEqualTo(7);
        try (Matrix matrix = neuronMajor(activations)) {
            assertThat(matrix.row(6)).containsExactly(transposed(samples)[6]);
        }
        assertThat(progress).hasValue(activations.bytes());
    }

    @Test
    void joinsShardsOfNeurons() {
        float[][] neurons = randomish(5, 200_000); // a row is longer than the buffer
        float[][] more = randomish(5, 3);
        List<String> files = List.of(write("a.npy", neurons), write("b.npy", more));
        try (Matrix matrix = neuronMajor(Activations.open(files, Layout.NEURONS_FIRST))) {
            float[] expected = Arrays.copyOf(neurons[4], 200_003);
            System.arraycopy(more[4], 0, expected, 200_000, 3);
            assertThat(matrix.row(4)).isEqualTo(expected);
        }
    }

    @Test
    void mapsNeuronsWhereTheyLie() throws IOException {
        float[][] neurons = randomish(3, 5);
        Activations c = Activations.open(List.of(write("c.npy", neurons)), Layout.NEURONS_FIRST);
        Activations fortran =
                Activations.open(List.of(writeFortran("f.npy", transposed(neurons))), Layout.SAMPLES_FIRST);
        for (Activations activations : List.of(c, fortran)) {
            assertThat(activations.isNeuronMajor()).isTrue();
            try (Workers workers = new Workers(1);
                    Kernels kernels = Kernels.cpu();
                    Matrix matrix = activations.neuronMajor(ActivationsTest::refuse, kernels, workers, bytes -> {})) {
                assertThat(matrix.row(2)).containsExactly(neurons[2]);
            }
        }
    }

    /** Stands for the promise that nothing is copied. */
    private static Matrix refuse(ElementType type, long rows, long columns) {
        throw new AssertionError("neurons in one file are mapped");
    }

    @Test
    void copiesNeuronsThatAreNotAligned() throws IOException {
        byte[] header = "{'descr': '<f4', 'fortran_order': False, 'shape': (1, 3), }".getBytes();
        byte[] start = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0, (byte) header.length, 0};
        byte[] all = Arrays.copyOf(start, start.length + header.length + 12);
        System.arraycopy(header, 0, all, start.length, header.length);
        all[all.length - 1] = 0x40; // the last element is 2
        Path file = Files.write(folder.resolve("odd.npy"), all);
        try (Matrix matrix = neuronMajor(Activations.open(List.of(file.toString()), Layout.NEURONS_FIRST))) {
            assertThat(matrix.row(0)).containsExactly(0, 0, 2);
        }
    }

    @Test
    void keepsHalfPrecision() throws URISyntaxException {
        Path half = Path.of(Npy.class.getResource("half.npy").toURI());
        try (Matrix matrix = neuronMajor(Activations.open(List.of(half.toString()), Layout.SAMPLES_FIRST))) {
            assertThat(matrix.type()).isEqualTo(ElementType.F16);
            byte[] bytes = new byte[6];
            matrix.readBytes(3, bytes, 3); // neuron 1: samples 1, 6, 11
            assertThat(bytes).containsExactly(0, 0x3c, 0, 0x46, 0x80, 0x49);
        }
    }

    @Test
    void refusesWhatIsNoLayer() {
        assertThatThrownBy(() -> Activations.open(List.of(), Layout.SAMPLES_FIRST))
                .hasMessage("no file of activations was given");
        assertRefused("has 1 dimensions", shaped(ElementType.F32, 3));
        assertRefused("has 3 dimensions", shaped(ElementType.F32, 3, 1, 2));
        assertRefused("has elements of type I64", shaped(ElementType.I64, 3, 2));
        assertRefused("has no neurons", shaped(ElementType.F32, 3, 0));
        assertRefused("has no samples", shaped(ElementType.F32, 0, 3));
        assertRefused("has one sample of 3 neurons", shaped(ElementType.F32, 1, 3));
        assertRefused("there is no such file", folder.resolve("gone.npy").toString());
    }

    @Test
    void refusesShardsThatDoNotAgree() {
        String first = shaped(ElementType.F32, 3, 2);
        assertRefused("has 4 neurons of type F32, but " + first, first, shaped(ElementType.F32, 3, 4));
        assertRefused("has 2 neurons of type F64, but " + first, first, shaped(ElementType.F64, 3, 2));
    }

    @Test
    void freesTheMatrixOfAReadingThatFails() {
        Activations activations = Activations.open(List.of(write("a.npy", randomish(3, 2))), Layout.SAMPLES_FIRST);
        Matrix target = Matrix.allocate(ElementType.F32, 2, 3);
        try (Workers workers = new Workers(2);
                Kernels kernels = Kernels.cpu()) {
            assertThatThrownBy(() -> activations.neuronMajor((t, r, c) -> target, kernels, workers, bytes -> {
                        throw new IllegalStateException("stop");
                    }))
                    .hasMessage("stop");
        }
        assertThatThrownBy(() -> target.row(0)).isInstanceOf(IllegalStateException.class);
    }

    private void assertRefused(String message, String... files) {
        assertThatThrownBy(() -> Activations.open(List.of(files), Layout.SAMPLES_FIRST))
                .isInstanceOfSatisfying(
                        MorulaException.class, e -> assertThat(e.kind()).isEqualTo(Kind.INPUT))
                .hasMessageContaining(files[files.length - 1] + ": ")
                .hasMessageContaining(message);
    }

    private Matrix neuronMajor(Activations activations) {
        try (Workers workers = new Workers(2);
                Kernels kernels = Kernels.cpu()) {
            return activations.neuronMajor(Matrix::allocate, kernels, workers, progress::addAndGet);
        }
    }

    private String shaped(ElementType type, long... shape) {
        Path file = folder.resolve(type + Arrays.toString(shape) + ".npy");
        long count = Arrays.stream(shape).reduce(1, (a, b) -> a * b);
        try (NpyWriter writer = NpyWriter.create(file, type, shape)) {
            if (count > 0) {
                try (Matrix zeros = Matrix.allocate(type, 1, count)) {
                    writer.append(zeros);
                }
            }
            writer.commit();
        }
        return file.toString();
    }

    private String write(String name, float[][] values) {
        Path file = folder.resolve(name);
        try (Matrix matrix = Matrix.of(values)) {
            Npy.write(file, matrix);
        }
        return file.toString();
    }

    /** Writes {@code values} as NumPy does after asfortranarray: the header says so, the bytes are the transpose's. */
    private String writeFortran(String name, float[][] values) throws IOException {
        Path file = Path.of(write(name, transposed(values)));
        byte[] bytes = Files.readAllBytes(file);
        int headerEnd = bytes.length - values.length * values[0].length * Float.BYTES;
        String shape = String.format("(%d, %d)", values.length, values[0].length);
        String header = new String(bytes, 0, headerEnd, StandardCharsets.ISO_8859_1)
                .replace("False", " True")
                .replaceFirst("\\(\\d+, \\d+\\)", shape);
        System.arraycopy(header.getBytes(StandardCharsets.ISO_8859_1), 0, bytes, 0, headerEnd);
        return Files.write(file, bytes).toString();
    }

    private static float[][] randomish(int rows, int columns) {
        float[][] values = new float[rows][columns];
        for (int row = 0; row < rows; row++) {
            for (int column = 0; column < columns; column++) {
                values[row][column] = (row * 31 + column * 17) % 1009;
            }
        }
        return values;
    }

    private static float[][] transposed(float[][] values) {
        float[][] transposed = new float[values[0].length][values.length];
        for (int row = 0; row < values.length; row++) {
            for (int column = 0; column < values[0].length; column++) {
                transposed[column][row] = values[row][column];
            }
        }
        return transposed;
    }
}
