package dev.morula.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.morula.MorulaException;
import dev.morula.MorulaException.Kind;
import dev.morula.network.Shape;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CifarSourceTest {
    private static final int PIXELS = 3 * 32 * 32;

    @TempDir
    Path folder;

    @Test
    void readsEveryTrainBatchThereIsInOrder() throws IOException {
        write("data_batch_2.bin", records(1, 3));
        write("data_batch_1.bin", records(1, 9, 0));
        write("test_batch.bin", records(1, 7));
        DataSet train = cifar10().load(Split.TRAIN);
        assertThat(train.labels()).containsExactly(9, 0, 3);
        assertThat(train.shape()).isEqualTo(new Shape(3, 32, 32));
        assertThat(train.classes()).isEqualTo(10);
        assertThat(train.name()).isEqualTo("cifar10");
        assertThat(cifar10().load(Split.TEST).labels()).containsExactly(7);
        double[] numbers = DataSets.numbers(train, 1);
        for (int k = 0; k < PIXELS; k++) {
            assertThat(numbers[k]).isEqualTo(pixel(1, k) / 255.0);
        }
    }

    @Test
    void labelsCifar100ByItsFineClasses() throws IOException {
        write("train.bin", records(2, 99, 17));
        write("test.bin", records(2, 5));
        DataSet train = DataSource.parse("cifar100:" + folder).load(Split.TRAIN);
        assertThat(train.labels()).containsExactly(99, 17);
        assertThat(train.classes()).isEqualTo(100);
        assertThat(DataSets.numbers(train, 0)[5]).isEqualTo(pixel(0, 5) / 255.0);
        assertThat(DataSource.parse("cifar100:" + folder).load(Split.TEST).labels())
                .containsExactly(5);
    }

    @Test
    void refusesFilesThatAreNot() throws IOException {
        assertRefused(Split.TRAIN, folder + ": has no file data_batch_*.bin; at least data_batch_1.bin is needed");
        assertRefused(Split.TEST, "test_batch.bin: there is no such file");
        write("test_batch.bin", Arrays.copyOf(records(1, 7, 7), 4000));
        assertRefused(
                Split.TEST, "test_batch.bin: has 4000 bytes, so image 1 is not whole: an image of cifar10 takes 3073");
        write("test_batch.bin", records(1, 7, 10));
        assertRefused(Split.TEST, "test_batch.bin: image 1 has label 10, but cifar10 has 10 classes, 0 to 9");
        byte[] coarse = records(2, 3);
        coarse[0] = 20;
        write("train.bin", coarse);
        assertThatThrownBy(() -> DataSource.parse("cifar100:" + folder).load(Split.TRAIN))
                .hasMessageContaining("train.bin: image 0 has label 20, but cifar100 has 20 coarse classes, 0 to 19");
        assertThatThrownBy(() ->
                        DataSource.parse("cifar10:" + folder.resolve("none")).load(Split.TRAIN))
                .hasMessageContaining("none: is not a folder that can be read");
    }

    private void assertRefused(Split split, String message) {
        assertThatThrownBy(() -> cifar10().load(split))
                .isInstanceOfSatisfying(
                        MorulaException.class, e -> assertThat(e.kind()).isEqualTo(Kind.INPUT))
                .hasMessageContaining(message);
    }

    private DataSource cifar10() {
        return DataSource.parse("cifar10:" + folder);
    }

    private void write(String name, byte[] bytes) throws IOException {
        Files.write(folder.resolve(name), bytes);
    }

    /** Records with these labels in the last of their label bytes. */
    private static byte[] records(int labelBytes, int... labels) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int image = 0; image < labels.length; image++) {
            for (int k = 1; k < labelBytes; k++) {
                bytes.write(labels[image] / 5);
            }
            bytes.write(labels[image]);
            for (int k = 0; k < PIXELS; k++) {
                bytes.write(pixel(image, k));
            }
        }
        return bytes.toByteArray();
    }

    private static int pixel(int image, int number) {
        return (7 * image + number) % 256;
    }
}
