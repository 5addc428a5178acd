package dev.morula.data;

import dev.morula.MorulaException;
import dev.morula.network.Shape;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/**
 * CIFAR-10 or CIFAR-100 in the binary version (Krizhevsky, Learning Multiple Layers of Features from Tiny Images, 2009):
 * one record an image, its label bytes first, then 32 x 32 bytes each of red, green and blue, row by row.
 */
record CifarSource(Kind kind, Path folder) implements DataSource {
    private static final Shape SHAPE = new Shape(3, 32, 32);
    private static final String BATCHES = "data_batch_*.bin";

    /** Which of the two. */
    enum Kind {
        CIFAR10(List.of(10)),
        /** Its first label byte is one of 20 coarse classes; the fine one after it is what the samples are labelled with. */
        CIFAR100(List.of(20, 100));

        /** How many classes each of a record's label bytes tells apart; the last byte is the label. */
        private final List<Integer> classes;

        Kind(List<Integer> classes) {
            this.classes = classes;
        }

        int recordBytes() {
            return classes.size() + SHAPE.size();
        }

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    @Override
    public DataSet load(Split split) {
        List<Path> files = files(split);
        long count = 0;
        for (Path file : files) {
            count += images(file);
        }
        if (count * SHAPE.size() > Integer.MAX_VALUE - 8) {
            throw MorulaException.input("%s: has %d images; below 2^31 bytes of them can be held", this, count);
        }
        byte[] pixels = new byte[(int) count * SHAPE.size()];
        int[] labels = new int[(int) count];
        int first = 0;
        for (Path file : files) {
            first = read(file, first, pixels, labels);
        }
        int classes = kind.classes.get(kind.classes.size() - 1);
        return new DataSet(kind.toString(), SHAPE, classes, new Values.Bytes(pixels), labels);
    }

    private List<Path> files(Split split) {
        if (split == Split.TEST) {
            return List.of(folder.resolve(kind == Kind.CIFAR10 ? "test_batch.bin" : "test.bin"));
        } else if (kind == Kind.CIFAR100) {
            return List.of(folder.resolve("train.bin"));
        }
        List<Path> batches = new ArrayList<>();
        try (DirectoryStream<Path> found = Files.newDirectoryStream(folder, BATCHES)) {
            found.forEach(batches::add);
        } catch (IOException e) {
            throw MorulaException.input("%s: is not a folder that can be read (%s)", folder, e);
        }
        if (batches.isEmpty()) {
            throw MorulaException.input("%s: has no file %s; at least data_batch_1.bin is needed", folder, BATCHES);
        }
        batches.sort(Comparator.comparing(Path::toString)); // the same order everywhere
        return batches;
    }

    private long images(Path file) {
        try (InputFile input = InputFile.open(file)) {
            long rest = input.size() % kind.recordBytes();
            if (rest != 0) {
                throw MorulaException.input(
                        "%s: has %d bytes, so image %d is not whole: an image of %s takes %d",
                        file, input.size(), input.size() / kind.recordBytes(), kind, kind.recordBytes());
            }
            return input.size() / kind.recordBytes();
        }
    }

    /** Reads the file's images as number {@code first} and those after it; returns the number after the last. */
    private int read(Path file, int first, byte[] pixels, int[] labels) {
        int images = (int) images(file);
        try (InputFile input = InputFile.open(file);
                InputStream stream = input.stream(0)) {
            for (int image = 0; image < images; image++) {
                labels[first + image] = label(file, image, stream);
                int from = (first + image) * SHAPE.size();
                if (stream.readNBytes(pixels, from, SHAPE.size()) < SHAPE.size()) {
                    throw MorulaException.input("%s: became shorter while it was read", file);
                }
            }
        } catch (IOException e) {
            throw InputFile.failure(file, e);
        }
        return first + images;
    }

    private int label(Path file, int image, InputStream stream) throws IOException {
        int label = 0;
        for (int classes : kind.classes) {
            label = stream.read();
            if (label >= classes) {
                throw MorulaException.input(
                        "%s: image %d has label %d, but %s has %d %sclasses, 0 to %d; is it another data set?",
                        file, image, label, kind, classes, classes == 20 ? "coarse " : "", classes - 1);
            }
        }
        return label;
    }

    @Override
    public String toString() {
        return kind + ":" + folder;
    }
}
