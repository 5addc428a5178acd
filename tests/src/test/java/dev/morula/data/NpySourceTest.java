package dev.morula.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.morula.MorulaException;
import dev.morula.MorulaException.Kind;
import dev.morula.network.Shape;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NpySourceTest {
    @TempDir
    Path folder;

    @BeforeEach
    void threeSamplesOfTwoFeatures() throws IOException {
        write("train-x.npy", "<f4", List.of(3L, 2L), 1, -2, 0.5, 4, 5, 6);
        write("train-y.npy", "<i8", List.of(3L), 4, 0, 1);
        write("test-x.npy", "<f4", List.of(1L, 2L), 7, 8);
        write("test-y.npy", "<i8", List.of(1L), 3);
    }

    @ParameterizedTest
    @ValueSource(strings = {"<f2", "<f4", "<f8"})
    void readsFeatures(String type) throws IOException {
        write("train-x.npy", type, List.of(3L, 2L), 1, -2, 0.5, 0x1p-24, -5, 6);
        DataSet train = source().load(Split.TRAIN);
        assertThat(train.name()).isEqualTo("npy");
        assertThat(train.shape()).isEqualTo(Shape.features(2));
        assertThat(train.classes()).isEqualTo(5);
        assertThat(train.labels()).containsExactly(4, 0, 1);
        assertThat(DataSets.numbers(train, 1)).containsExactly(0.5, 0x1p-24);
        assertThat(DataSets.numbers(train, 2)).containsExactly(-5, 6);
        DataSet test = source().load(Split.TEST);
        assertThat(test.classes()).isEqualTo(5); // as many as the train split has
        assertThat(test.labels()).containsExactly(3);
    }

    @Test
    void readsImagesOfBytes() throws IOException {
        write("train-x.npy", "|u1", List.of(3L, 2L, 1L, 2L), 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 255);
        DataSet train = source().load(Split.TRAIN);
        assertThat(train.shape()).isEqualTo(new Shape(2, 1, 2));
        assertThat(DataSets.numbers(train, 2)).containsExactly(8 / 255.0, 9 / 255.0, 10 / 255.0, 1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"|u1", "|i1", "<i2", "<u2", "<i4", "<u4", "<i8"})
    void readsLabelsOfEveryWholeType(String type) throws IOException {
        write("train-y.npy", type, List.of(3L), 2, 0, 100);
        assertThat(source().load(Split.TRAIN).labels()).containsExactly(2, 0, 100);
    }

    @Test
    void readsMoreThanOneChunk() throws IOException {
        int count = 70_001;
        double[] numbers = new double[count];
        double[] labels = new double[count];
        for (int i = 0; i < count; i++) {
            numbers[i] = i / 4.0;
            labels[i] = i % 3;
        }
        write("train-x.npy", "<f4", List.of((long) count, 1L), numbers);
        write("train-y.npy", "<i4", List.of((long) count), labels);
        DataSet train = source().load(Split.TRAIN);
        for (int i = 0; i < count; i++) {
            assertThat(train.labels()[i]).isEqualTo(i % 3);
            assertThat(DataSets.numbers(train, i)[0]).isEqualTo(numbers[i]);
        }
    }

    @ParameterizedTest
    @CsvSource({"NaN", "Infinity", "-Infinity", "1e300"})
    void namesTheNumberThatIsNotFinite(double value) throws IOException {
        write("train-x.npy", "<f8", List.of(3L, 2L), 1, 2, 3, 4, 5, value);
        assertRefused("train-x.npy: number 1 of sample 2 is " + value + "; all must be finite in float32");
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, 5, 1L << 32})
    void namesTheLabelThatIsOutOfRange(long label) throws IOException {
        write("test-y.npy", "<i8", List.of(1L), label);
        assertThatThrownBy(() -> source().load(Split.TEST))
                .hasMessageContaining("test-y.npy: sample 0 has label " + label + "; labels are from 0 to 4");
        write("train-y.npy", "<i8", List.of(3L), 0, -3, 1);
        assertRefused("train-y.npy: sample 1 has label -3; labels are from 0 to 2147483646");
    }

    @Test
    void refusesArraysThatDoNotFit() throws IOException {
        write("train-y.npy", "<i8", List.of(2L), 0, 1);
        assertRefused("train-x.npy: has 3 samples, but train-y.npy has 2 labels");
        write("train-y.npy", "<f4", List.of(3L), 0, 1, 2);
        assertRefused("train-y.npy: has shape (3,) of <f4; a vector of whole numbers, one a sample, is needed");
        write("train-y.npy", "<i8", List.of(3L), 0, 0, 0);
        assertRefused("train-y.npy: all labels are 0; at least two classes are needed");
        write("train-y.npy", "<i8", List.of(3L), 0, 1, 0);
        write("train-x.npy", "<f4", List.of(3L, 2L, 1L), 1, 2, 3, 4, 5, 6);
        assertRefused("train-x.npy: has shape (3, 2, 1); samples x features or samples x channels x height x width");
        write("train-x.npy", "<i4", List.of(3L, 2L), 1, 2, 3, 4, 5, 6);
        assertRefused("train-x.npy: has elements of type \"<i4\"; x must be floating or u1");
        write("train-x.npy", "<f4", List.of(3L, 3L), 1, 2, 3, 4, 5, 6);
        assertRefused("train-x.npy: is truncated: shape (3, 3) of <f4 takes 36 bytes, but 24 follow the header");
        write("train-x.npy", ">f4", List.of(3L, 2L), 1, 2, 3, 4, 5, 6);
        assertRefused("train-x.npy: has elements of type \">f4\"");
        Files.write(folder.resolve("train-x.npy"), Golden.bytes("fortran.npy"));
        assertRefused("train-x.npy: is in Fortran order; C order is needed");
        Files.delete(folder.resolve("train-x.npy"));
        assertRefused("train-x.npy: there is no such file");
    }

    private DataSource source() {
        return DataSource.parse("npy:" + folder);
    }

    private void assertRefused(String message) {
        assertThatThrownBy(() -> source().load(Split.TRAIN))
                .isInstanceOfSatisfying(
                        MorulaException.class, e -> assertThat(e.kind()).isEqualTo(Kind.INPUT))
                .hasMessageContaining(message);
    }

    private void write(String name, String descr, List<Long> shape, double... numbers) throws IOException {
        int size = descr.charAt(2) - '0';
        byte[] header = NpyHeader.format(descr, shape);
        ByteBuffer bytes =
                ByteBuffer.allocate(header.length + size * numbers.length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.put(header);
        for (double number : numbers) {
            put(bytes, descr.charAt(1) == 'f', size, number);
        }
        Files.write(folder.resolve(name), bytes.array());
    }

    private static void put(ByteBuffer bytes, boolean floating, int size, double number) {
        switch (size) {
            case 1 -> bytes.put((byte) (int) number);
            case 2 -> bytes.putShort(floating ? half(number) : (short) number);
            case 4 -> bytes.putInt(floating ? Float.floatToIntBits((float) number) : (int) number);
            default -> bytes.putLong(floating ? Double.doubleToLongBits(number) : (long) number);
        }
    }

    /** Of numbers that binary16 has. */
    private static short half(double number) {
        int sign = number < 0 ? 0x8000 : 0;
        double magnitude = Math.abs(number);
        if (magnitude < 0x1p-14) {
            return (short) (sign | (int) (magnitude * 0x1p24));
        }
        int exponent = Math.getExponent(magnitude);
        return (short) (sign | exponent + 15 << 10 | (int) (Math.scalb(magnitude, 10 - exponent)) & 0x3ff);
    }
}
