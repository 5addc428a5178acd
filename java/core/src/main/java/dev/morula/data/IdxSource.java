package dev.morula.data;

import dev.morula.MorulaException;
import dev.morula.network.Shape;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.zip.GZIPInputStream;

/**
 * MNIST or a set in its format: IDX files in a folder, plain or gzipped, under their original names.
 *
 * @param name {@code mnist-mini}, {@code mnist} or {@code fashion-mnist}
 * @param folder where the files are, empty for the bundled set
 */
record IdxSource(String name, Optional<Path> folder) implements DataSource {
    static final IdxSource MNIST_MINI = new IdxSource("mnist-mini", Optional.empty());

    private static final List<String> SPELLINGS = List.of("%s-%s-idx%d-ubyte", "%s-%s.idx%d-ubyte");
    private static final int CLASSES = 10;
    private static final int IMAGE_DIMENSIONS = 3;
    private static final int LABEL_DIMENSIONS = 1;

    static IdxSource in(String name, Path folder) {
        return new IdxSource(name, Optional.of(folder));
    }

    @Override
    public DataSet load(Split split) {
        IdxReader.Array images = read(split, "images", IMAGE_DIMENSIONS);
        IdxReader.Array labels = read(split, "labels", LABEL_DIMENSIONS);
        int count = images.dimensions().get(0);
        if (count != labels.bytes().length) {
            throw MorulaException.input("%s: has %d images but %d labels", this, count, labels.bytes().length);
        }
        Shape shape =
                new Shape(1, images.dimensions().get(1), images.dimensions().get(2));
        return new DataSet(name, shape, CLASSES, new Values.Bytes(images.bytes()), classes(labels, split));
    }

    private int[] classes(IdxReader.Array labels, Split split) {
        int[] classes = new int[labels.bytes().length];
        for (int image = 0; image < classes.length; image++) {
            classes[image] = Byte.toUnsignedInt(labels.bytes()[image]);
            if (classes[image] >= CLASSES) {
                throw MorulaException.input(
                        "%s: image %d has label %d, but there are %d classes, 0 to %d",
                        folder.map(path -> find(path, split, "labels", LABEL_DIMENSIONS)
                                        .toString())
                                .orElse(name),
                        image,
                        classes[image],
                        CLASSES,
                        CLASSES - 1);
            }
        }
        return classes;
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
        try (InputStream stream = IdxSource.class.getResourceAsStream(resource)) {
            return IdxReader.read(new GZIPInputStream(stream), resource, dimensions);
        } catch (IOException e) {
            throw new MorulaException(MorulaException.Kind.INTERNAL, resource + ": " + e, e);
        }
    }

    @Override
    public String toString() {
        return folder.map(path -> name + ":" + path).orElse(name);
    }
}
