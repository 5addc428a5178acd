package dev.morula.data;

import dev.morula.MorulaException;
import dev.morula.network.Shape;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * Arrays that NumPy saved: train-x.npy, train-y.npy, test-x.npy and test-y.npy in a folder. x is samples x features or
 * samples x channels x height x width, of f2, f4 or f8, or of u1, which is then pixels from 0 to 255; y is one whole number
 * a sample. There are as many classes as the largest label of the train split says.
 */
record NpySource(Path folder) implements DataSource {
    private static final int LEAST_CLASSES = 2;

    @Override
    public DataSet load(Split split) {
        int classes = classes();
        String part = split == Split.TRAIN ? "train" : "test";
        int[] labels = labels(part, classes);
        try (NumberFile file = NumberFile.open(folder.resolve(part + "-x.npy"))) {
            Shape shape = shape(file);
            if (file.shape().get(0) != labels.length) {
                throw MorulaException.input(
                        "%s: has %d samples, but %s-y.npy has %d labels",
                        file.name(), file.shape().get(0), part, labels.length);
            }
            return new DataSet("npy", shape, classes, file.values(), labels);
        }
    }

    private static Shape shape(NumberFile file) {
        List<Long> shape = file.shape();
        boolean fits = (shape.size() == 2 || shape.size() == 4)
                && shape.stream().allMatch(length -> length >= 1 && length <= Integer.MAX_VALUE)
                && shape.stream().reduce(1L, Math::multiplyExact) <= Integer.MAX_VALUE - 8;
        if (!fits) {
            throw MorulaException.input(
                    "%s: has shape %s; samples x features or samples x channels x height x width is needed, of below 2^31 "
                            + "numbers in all",
                    file.name(), Shapes.format(shape));
        }
        int[] lengths = shape.stream().mapToInt(Long::intValue).toArray();
        return lengths.length == 2 ? Shape.features(lengths[1]) : new Shape(lengths[1], lengths[2], lengths[3]);
    }

    private int classes() {
        int classes =
                1 + Arrays.stream(labels("train", Integer.MAX_VALUE)).max().orElseThrow();
        if (classes < LEAST_CLASSES) {
            throw MorulaException.input(
                    "%s: all labels are 0; at least two classes are needed", folder.resolve("train-y.npy"));
        }
        return classes;
    }

    private int[] labels(String part, int classes) {
        return SmallArrays.labels(folder.resolve(part + "-y.npy"), classes);
    }

    @Override
    public String toString() {
        return "npy:" + folder;
    }
}
