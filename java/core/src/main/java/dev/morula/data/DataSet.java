package dev.morula.data;

import dev.morula.MorulaException;
import dev.morula.RandomNumbers;
import dev.morula.RandomNumbers.Stream;
import dev.morula.network.Shape;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Labelled samples: images, or rows of features.
 *
 * @param name how messages call the set
 * @param shape of one sample
 * @param classes number of classes; every label is from 0 to below it
 * @param values sample by sample, each channel by channel, row by row; there may be more than {@code labels} need
 * @param labels one a sample
 */
public record DataSet(String name, Shape shape, int classes, Values values, int[] labels) {
    public DataSet {
        if (values.count() / shape.size() < labels.length) {
            throw new IllegalArgumentException(
                    values.count() + " numbers are not " + labels.length + " samples of " + shape);
        }
    }

    /** Number of samples. */
    public int count() {
        return labels.length;
    }

    /**
     * Copies sample {@code sample}, channel by channel, into {@code target}, the numbers of an image of shape {@code
     * padded}: zeros around it, one more below and to the right where their number is odd. A pixel becomes pixel / 255.
     *
     * @param padded as many channels, and at least the height and width, of {@link #shape()}
     */
    public void read(int sample, Shape padded, double[] target) {
        int first = sample * shape.size();
        if (padded.equals(shape)) {
            values.read(first, target, 0, shape.size());
            return;
        }
        Arrays.fill(target, 0, padded.size(), 0);
        int top = (padded.height() - shape.height()) / 2;
        int left = (padded.width() - shape.width()) / 2;
        for (int row = 0; row < shape.channels() * shape.height(); row++) {
            int paddedRow = row / shape.height() * padded.height() + row % shape.height() + top;
            values.read(first + row * shape.width(), target, paddedRow * padded.width() + left, shape.width());
        }
    }

    /** The set's first {@code size} samples; their numbers are shared, not copied. */
    public DataSet first(int size) {
        requireSize(size);
        return with(Arrays.copyOf(labels, size), classes);
    }

    /** The set's last {@code size} samples, copied. */
    public DataSet last(int size) {
        requireSize(size);
        int[] chosen = IntStream.range(count() - size, count()).toArray();
        return new DataSet(
                name,
                shape,
                classes,
                values.gather(chosen, shape.size()),
                Arrays.copyOfRange(labels, count() - size, count()));
    }

    /**
     * So many samples in random order, which depends on {@code seed} alone: a smaller choice is the beginning of a larger
     * one.
     */
    public DataSet random(int size, long seed) {
        requireSize(size);
        int[] order = Arrays.copyOf(RandomNumbers.of(seed, Stream.SUBSET).permutation(count()), size);
        int[] chosen = Arrays.stream(order).map(sample -> labels[sample]).toArray();
        return new DataSet(name, shape, classes, values.gather(order, shape.size()), chosen);
    }

    private void requireSize(int size) {
        if (size < 1 || size > count()) {
            throw MorulaException.usage(
                    "%s: has %d samples, so %d of them cannot be taken: 1 to %d can", name, count(), size, count());
        }
    }

    /** The same samples with other labels. */
    DataSet with(int[] newLabels, int newClasses) {
        return new DataSet(name, shape, newClasses, values, newLabels);
    }
}
