package dev.morula.kernel;

/**
 * The windows of a pooling layer over images of {@code height} x {@code width} positions.
 *
 * @param stride positions between two windows, both ways
 * @param padding positions around the image, on each side; at most half a window
 */
public record PoolWindows(
        long channels, long height, long width, long windowHeight, long windowWidth, long stride, long padding) {

    /** One window a sample, as large as the image. */
    public static PoolWindows whole(long channels, long height, long width) {
        return new PoolWindows(channels, height, width, height, width, 1, 0);
    }

    /** Positions of an image. */
    public long positions() {
        return height * width;
    }

    /** Windows of an image. */
    public long windows() {
        return windows(height, windowHeight) * windows(width, windowWidth);
    }

    private long windows(long length, long window) {
        return (length + 2 * padding - window) / stride + 1;
    }

    long[] descriptor(long firstSample, long samples) {
        return new long[] {channels, height, width, windowHeight, windowWidth, stride, padding, firstSample, samples};
    }
}
