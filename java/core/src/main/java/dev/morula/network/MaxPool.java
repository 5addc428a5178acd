package dev.morula.network;

import dev.morula.MorulaException;

/**
 * The largest number of every window of a channel, as PyTorch's {@code nn.MaxPool2d}.
 *
 * @param window height and width of the window
 * @param stride positions between two windows, both ways
 * @param padding positions around the image, on each side; at most half a window
 */
public record MaxPool(int window, int stride, int padding) implements Layer {
    public MaxPool {
        if (window < 1 || stride < 1 || padding < 0 || 2 * padding > window) {
            throw MorulaException.usage(
                    "max pool: window %d, stride %d and padding %d; the first two are at least 1, padding at most half a window",
                    window, stride, padding);
        }
    }

    /** Windows side by side, without padding. */
    public static MaxPool of(int window) {
        return new MaxPool(window, window, 0);
    }

    @Override
    public Shape output(Shape input) {
        Layer.require(
                Math.min(input.height(), input.width()) + 2 * padding >= window,
                this,
                input,
                "an image of at least " + window + " x " + window + ", padding included");
        return new Shape(input.channels(), windows(input.height()), windows(input.width()));
    }

    private int windows(int positions) {
        return (positions + 2 * padding - window) / stride + 1;
    }

    @Override
    public String toString() {
        return "max pool " + window + " x " + window;
    }
}
