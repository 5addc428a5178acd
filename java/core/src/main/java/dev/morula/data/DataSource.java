package dev.morula.data;

import dev.morula.MorulaException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.zip.GZIPInputStream;

/**
 * A data set by name: {@code mnist-mini} (bundled), or {@code mnist:DIR} and {@code fashion-mnist:DIR}, IDX files in a folder,
 * plain or gzipped, under their original names.
 *
 * @param name {@code mnist-mini}, {@code mnist} or {@code fashion-mnist}
 * @param folder where the files are, empty for the bundled set
 */
public record DataSource(String name, Optional<Path> folder) {
    /** 10,000 MNIST images to train on (its test set) and 10,000 others to test, as the pMNIST task has them. */
    public static final DataSource MNIST_MINI = new DataSource("mnist-mini", Optional.empty());

    private static final List<String> IN_FOLDERS = List.of("mnist", "fashion-mnist");
    private static final List<String> SPELLINGS = List.of("%s-%s-idx%d-ubyte", "%s-%s.idx%d-ubyte");
    private static final int CLASSES = 10;
    private static final int IMAGE_DIMENSIONS = 3;
    private static final int LABEL_DIMENSIONS = 1;

    /** Parses what {@code --data} takes. */
    public static DataSource parse(String text) {
        int colon = text.indexOf(':');
        if (text.equals(MNIST_MINI.name)) {
            return MNIST_MINI;
        } else if (colon > 0 && colon < text.length() - 1 && IN_FOLDERS.contains(text.substring(0, colon))) {
            return new DataSource(text.substring(0, colon), Optional.of(Path.of(text.substring(colon + 1))));
        }
        throw MorulaException.usage(
                "there is no data set \"%s\": give mnist-mini, mnist:DIR or fashion-mnist:DIR", text);
    }

    /** Reads the images and labels of one split. */
    public ImageSet load(Split split) {
        IdxReader.Array images = read(split, "images", IMAGE_DIMENSIONS);
        IdxReader.Array labels = read(split, "labels", LABEL_DIMENSIONS);
        int count = images.dimensions().get(0);
        if (count != labels.bytes().length) {
            throw MorulaException.input("%s: has %d images but %d labels", this, count, labels.bytes().length);
        }
        requireClasses(labels.bytes());
        int height = images.dimensions().get(1);
        int width = images.dimensions().get(2);
        return new ImageSet(name, count, height, width, CLASSES, images.bytes(), labels.bytes());
    }

    private void requireClasses(byte[] labels) {
        for (int image = 0; image < labels.length; image++) {
            int label = Byte.toUnsignedInt(labels[image]);
            if (label >= CLASSES) {
                throw MorulaException.input(
                        "%s: image %d has label %d, but there are %d classes", this, image, label, CLASSES);
            }
        }
    }

    private IdxReader.Array read(Split split, String part, int dimensions) {
        return folder.isPresent()
                ? readFile(find(folder.get(), split, part, dimensions), dimensions)
                : readBundled(split, part, dimensions);
    }

    private static Path find(Path folder, Split split, String part, int dimensions) {
        for (String spelling : SPELLINGS) {
            String name = String.format(spelling, split.filePrefix(), part, dimensions);
            for (String suffix : List.of("", ".gz")) {
                if (Files.isRegularFile(folder.resolve(name + suffix))) {
                    return folder.resolve(name + suffix);
                }
            }
        }
        throw MorulaException.input(
                "%s: has no file " + SPELLINGS.get(0) + ", plain or .gz", folder, split.filePrefix(), part, dimensions);
    }

    private static IdxReader.Array readFile(Path path, int dimensions) {
        try (InputFile file = InputFile.open(path)) {
            InputStream stream = file.stream(0);
            boolean compressed = path.toString().endsWith(".gz");
            return IdxReader.read(compressed ? new GZIPInputStream(stream) : stream, path.toString(), dimensions);
        } catch (IOException e) {
            throw MorulaException.input("%s: is not a sound gzip file: %s", path, e.getMessage());
        }
    }

    private static IdxReader.Array readBundled(Split split, String part, int dimensions) {
        String resource = String.format("mnist-mini/" + SPELLINGS.get(0) + ".gz", split.filePrefix(), part, dimensions);
        try (InputStream stream = DataSource.class.getResourceAsStream(resource)) {
            return IdxReader.read(new GZIPInputStream(stream), resource, dimensions);
        } catch (IOException e) {
            throw new MorulaException(MorulaException.Kind.INTERNAL, resource + ": " + e, e);
        }
    }

    /** The text that {@link #parse} takes. */
    @Override
    public String toString() {
        return folder.map(path -> name + ":" + path).orElse(name);
    }
}
