package dev.morula.network;

import dev.morula.MorulaException;

/**
 * What one sample is between two layers: an image of {@code channels} numbers a position, or, with height and width 1, a
 * row of features.
 */
public record Shape(int channels, int height, int width) {
    public Shape {
        if (channels < 1 || height < 1 || width < 1) {
            throw MorulaException.usage("a shape of %d x %d x %d has no numbers", channels, height, width);
        }
    }

    /** A row of {@code count} features. */
    public static Shape features(int count) {
        return new Shape(count, 1, 1);
    }

    /** Positions of one sample: the rows that it takes in a batch's matrix. */
    public int positions() {
        return Math.multiplyExact(height, width);
    }

    /** Numbers of one sample. */
    public int size() {
        return Math.multiplyExact(channels, positions());
    }

    public boolean isFeatures() {
        return height == 1 && width == 1;
    }

    /** {@code 64 features}, or {@code 3 x 32 x 32}: channels, height, width. */
    @Override
    public String toString() {
        return isFeatures() ? channels + " features" : channels + " x " + height + " x " + width;
    }
}
