package dev.morula.train;

import dev.morula.MorulaException;
import dev.morula.data.ImageSet;

/**
 * How a pixel becomes an input: (pixel / 255 - mean) / deviation.
 *
 * @param mean of all pixels of the train set, scaled to 0 to 1
 * @param deviation their standard deviation (of the whole set, not an estimate)
 */
public record Standardisation(double mean, double deviation) {
    private static final int LEVELS = 256;

    public static Standardisation of(ImageSet images) {
        long[] counts = new long[LEVELS];
        for (byte pixel : images.pixels()) {
            counts[Byte.toUnsignedInt(pixel)]++;
        }
        double mean = 0;
        for (int level = 0; level < LEVELS; level++) {
            mean += scaled(level) * counts[level] / images.pixels().length;
        }
        double variance = 0;
        for (int level = 0; level < LEVELS; level++) {
            variance += Math.pow(scaled(level) - mean, 2) * counts[level] / images.pixels().length;
        }
        if (!(variance > 0)) {
            throw MorulaException.input("%s: all pixels are equal, so there is nothing to learn from", images.name());
        }
        return new Standardisation(mean, Math.sqrt(variance));
    }

    /** The input for each of the 256 values of a pixel. */
    float[] table() {
        float[] table = new float[LEVELS];
        for (int level = 0; level < LEVELS; level++) {
            table[level] = (float) ((scaled(level) - mean) / deviation);
        }
        return table;
    }

    private static double scaled(int level) {
        return level / (LEVELS - 1.0);
    }
}
