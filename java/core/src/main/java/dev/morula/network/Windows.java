package dev.morula.network;

import dev.morula.MorulaException;

/** What pools share: square windows over an image. */
final class Windows {
    private Windows() {}

    /** Refuses windows that cannot be. */
    static void require(String layer, int window, int stride, int padding) {
        if (window < 1 || stride < 1 || padding < 0 || 2 * padding > window) {
            throw MorulaException.usage(
                    "%s: window %d, stride %d and padding %d; the first two are at least 1, padding at most half a window",
                    layer, window, stride, padding);
        }
    }

    /** The shape of one number a window and channel. */
    static Shape output(Layer layer, Shape input, int window, int stride, int padding) {
        Layer.require(
                Math.min(input.height(), input.width()) + 2 * padding >= window,
                layer,
                input,
                "an image of at least " + window + " x " + window + ", padding included");
        return new Shape(
                input.channels(),
                (input.height() + 2 * padding - window) / stride + 1,
                (input.width() + 2 * padding - window) / stride + 1);
    }
}
