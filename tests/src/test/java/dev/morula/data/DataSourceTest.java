package dev.morula.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.morula.MorulaException;
import dev.morula.MorulaException.Kind;
import dev.morula.network.Shape;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DataSourceTest {
    private static final int IMAGES = 0x803;
    private static final int LABELS = 0x801;

    @TempDir
    Path folder;

    private DataSource source;

    @BeforeEach
    void threeImagesOfTwoPixels() throws IOException {
        source = DataSource.parse("mnist:" + folder);
        write("train-images-idx3-ubyte", idx(new byte[] {1, 2, 3, 4, 5, (byte) 255}, IMAGES, 3, 1, 2));
        write("train-labels-idx1-ubyte", idx(new byte[] {9, 0, 4}, LABELS, 3));
    }

    @Test
    void bundlesTwoSetsOfTenThousand() {
        DataSet train = DataSource.parse("mnist-mini").load(Split.TRAIN);
        DataSet test = DataSource.MNIST_MINI.load(Split.TEST);
        assertThat(train.count()).isEqualTo(10_000);
        assertThat(train.shape()).isEqualTo(new Shape(1, 28, 28));
        assertThat(train.labels()).startsWith(7, 2, 1, 0, 4); // as MNIST's test set begins
        assertThat(test.labels()).startsWith(5, 0, 4, 1, 9).hasSize(10_000); // as its train set begins
        assertThat(pixels(test)).hasSize(7_840_000);
    }

    @Test
    void readsPlainFiles() {
        DataSet set = source.load(Split.TRAIN);
        assertThat(set.name()).isEqualTo("mnist");
        assertThat(set.classes()).isEqualTo(10);
        assertThat(set.shape()).isEqualTo(new Shape(1, 1, 2));
        assertThat(pixels(set)).containsExactly(1, 2, 3, 4, 5, 255);
        assertThat(set.labels()).containsExactly(9, 0, 4);
    }

    @Test
    void readsGzippedFilesInTheOtherSpelling() throws IOException {
        byte[] images = gzip(idx(new byte[] {7, 8}, IMAGES, 1, 1, 2));
        write("t10k-images.idx3-ubyte.gz", images);
        write("t10k-labels.idx1-ubyte", idx(new byte[] {3}, LABELS, 1));
        assertThat(pixels(source.load(Split.TEST))).containsExactly(7, 8);
        write("t10k-images.idx3-ubyte.gz", Arrays.copyOf(images, images.length - 9));
        assertRefused(Split.TEST, "t10k-images.idx3-ubyte.gz: is truncated");
        write("t10k-images.idx3-ubyte.gz", idx(new byte[] {7, 8}, IMAGES, 1, 1, 2));
        assertRefused(Split.TEST, "is not a sound gzip file");
    }

    @Test
    void takesTheFirstImages() {
        DataSet set = source.load(Split.TRAIN).first(2);
        assertThat(set.count()).isEqualTo(2);
        assertThat(set.labels()).containsExactly(9, 0);
        assertThat(DataSets.numbers(set, 1)).containsExactly(3 / 255.0, 4 / 255.0);
        assertThatThrownBy(() -> set.first(3))
                .hasMessageContaining("mnist: has 2 samples, so 3 of them cannot be taken: 1 to 2 can");
        assertThatThrownBy(() -> set.first(0)).isInstanceOf(MorulaException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "cifar", "mnist", "mnist:", "mnist-mini:x", ":x", "npy:", "cifar10", "teacher:"})
    void refusesNamesItDoesNotKnow(String text) {
        assertThatThrownBy(() -> DataSource.parse(text))
                .isInstanceOfSatisfying(
                        MorulaException.class, e -> assertThat(e.kind()).isEqualTo(Kind.USAGE))
                .hasMessageContaining(
                        "give mnist-mini, mnist:DIR, fashion-mnist:DIR, cifar10:DIR, cifar100:DIR, npy:DIR");
    }

    @Test
    void namesTheFileThatIsMissing() {
        assertRefused(Split.TEST, "has no file t10k-images-idx3-ubyte, plain or .gz");
    }

    @Test
    void refusesDamagedFiles() throws IOException {
        byte[] whole = Files.readAllBytes(folder.resolve("train-images-idx3-ubyte"));
        write("train-images-idx3-ubyte", new byte[0]);
        assertRefused(Split.TRAIN, "train-images-idx3-ubyte: is empty");
        for (int length = 1; length < whole.length; length++) {
            write("train-images-idx3-ubyte", Arrays.copyOf(whole, length));
            assertRefused(Split.TRAIN, "train-images-idx3-ubyte: is truncated");
        }
        write("train-images-idx3-ubyte", Arrays.copyOf(whole, whole.length + 1));
        assertRefused(Split.TRAIN, "is too long");
        write("train-images-idx3-ubyte", idx(new byte[2], LABELS, 2));
        assertRefused(Split.TRAIN, "it begins with 00000801, not 00000803");
        for (int[] shape : new int[][] {{0, 1, 2}, {-1, 1, 2}, {1 << 20, 1 << 20, 1 << 20}}) {
            write("train-images-idx3-ubyte", idx(new byte[2], IMAGES, shape));
            assertRefused(Split.TRAIN, "claims the impossible shape " + Arrays.toString(shape));
        }
    }

    @Test
    void refusesLabelsThatDoNotFit() throws IOException {
        write("train-labels-idx1-ubyte", idx(new byte[] {9, 10, 0}, LABELS, 3));
        assertRefused(Split.TRAIN, "train-labels-idx1-ubyte: image 1 has label 10, but there are 10 classes, 0 to 9");
        write("train-labels-idx1-ubyte", idx(new byte[] {9, 0}, LABELS, 2));
        assertRefused(Split.TRAIN, "has 3 images but 2 labels");
    }

    @Test
    void givesTheTextBack() {
        for (String text : List.of(
                "mnist-mini",
                "mnist:a",
                "fashion-mnist:a/b",
                "cifar10:c",
                "cifar100:c",
                "npy:d",
                "teacher:d=3,m=4,train=5,test=6,seed=7")) {
            assertThat(DataSource.parse(text)).hasToString(text);
        }
        assertThat(DataSource.parse("teacher")).hasToString("teacher:d=10,m=32,train=10000,test=2000,seed=1");
    }

    private static byte[] pixels(DataSet set) {
        return ((Values.Bytes) set.values()).pixels();
    }

    private void assertRefused(Split split, String message) {
        assertThatThrownBy(() -> source.load(split))
                .isInstanceOfSatisfying(
                        MorulaException.class, e -> assertThat(e.kind()).isEqualTo(Kind.INPUT))
                .hasMessageContaining(folder.toString())
                .hasMessageContaining(message);
    }

    private void write(String name, byte[] bytes) throws IOException {
        Files.write(folder.resolve(name), bytes);
    }

    private static byte[] idx(byte[] elements, int magic, int... shape) {
        ByteBuffer bytes =
                ByteBuffer.allocate(4 + 4 * shape.length + elements.length).putInt(magic);
        Arrays.stream(shape).forEach(bytes::putInt);
        return bytes.put(elements).array();
    }

    private static byte[] gzip(byte[] bytes) throws IOException {
        ByteArrayOutputStream compressed = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(compressed)) {
            out.write(bytes);
        }
        return compressed.toByteArray();
    }
}
