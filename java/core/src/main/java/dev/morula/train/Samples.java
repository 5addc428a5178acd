package dev.morula.train;

import dev.morula.MorulaException;
import dev.morula.data.ImageSet;
import dev.morula.kernel.ElementType;
import dev.morula.kernel.Matrix;
import dev.morula.network.NetworkDefinition;

/** Network inputs (samples x pixels, F32) with their labels (samples x 1, I32). */
record Samples(Matrix inputs, Matrix labels) implements AutoCloseable {
    static Samples allocate(long count, long inputs) {
        return new Samples(Matrix.allocate(ElementType.F32, count, inputs), Matrix.allocate(ElementType.I32, count, 1));
    }

    /** The images as inputs for {@code network}. */
    static Samples of(ImageSet images, Standardisation standardisation, NetworkDefinition network) {
        int pixels = images.height() * images.width();
        requireFit(images, pixels, network);
        Samples samples = allocate(images.count(), pixels);
        float[] table = standardisation.table();
        float[] row = new float[pixels];
        for (int image = 0; image < images.count(); image++) {
            for (int pixel = 0; pixel < pixels; pixel++) {
                row[pixel] = table[Byte.toUnsignedInt(images.pixels()[image * pixels + pixel])];
            }
            samples.inputs.write((long) image * pixels, row, 0, pixels);
        }
        samples.labels.write(0, unsigned(images.labels()), 0, images.count());
        return samples;
    }

    private static void requireFit(ImageSet images, int pixels, NetworkDefinition network) {
        if (pixels != network.input().size()) {
            throw MorulaException.input(
                    "%s: images have %d x %d = %d pixels, but %s has %d inputs",
                    images.name(),
                    images.height(),
                    images.width(),
                    pixels,
                    network,
                    network.input().size());
        }
        if (images.classes() > network.outputs()) {
            throw MorulaException.input(
                    "%s: there are %d classes, but the network's read-out has %d",
                    images.name(), images.classes(), network.outputs());
        }
    }

    private static int[] unsigned(byte[] labels) {
        int[] values = new int[labels.length];
        for (int i = 0; i < labels.length; i++) {
            values[i] = Byte.toUnsignedInt(labels[i]);
        }
        return values;
    }

    long count() {
        return inputs.rows();
    }

    Samples slice(long first, long count) {
        return new Samples(inputs.slice(first, count), labels.slice(first, count));
    }

    @Override
    public void close() {
        inputs.close();
        labels.close();
    }
}
