package dev.morula.network;

/**
 * The largest number of every window of a channel, as PyTorch's {@code nn.MaxPool2d}.
 *
 * @param window height and width of the window
 * @param stride positions between two windows, both ways
 * @param padding positions around the image, on each side; at most half a window
 */
public record MaxPool(int window, int stride, int padding) implements Layer {
    public MaxPool {
        Windows.require("max pool", window, stride, padding);
    }

    /** Windows side by side, without padding. */
    public static MaxPool of(int window) {
        return new MaxPool(window, window, 0);
    }

    @Override
    public Shape output(Shape input) {
        return Windows.output(this, input, window, stride, padding);
    }

    @Override
    public String toString() {
        return "max pool " + window + " x " + window;
    }
}
