package dev.morula.network;

/**
 * The mean, padding counted as 0, of every window of a channel, as PyTorch's {@code nn.AvgPool2d}.
 *
 * @param window height and width of the window
 * @param stride positions between two windows, both ways
 * @param padding positions around the image, on each side; at most half a window
 */
public record AveragePool(int window, int stride, int padding) implements Layer {
    public AveragePool {
        Windows.require("average pool", window, stride, padding);
    }

    /** Windows side by side, without padding. */
    public static AveragePool of(int window) {
        return new AveragePool(window, window, 0);
    }

    @Override
    public Shape output(Shape input) {
        return Windows.output(this, input, window, stride, padding);
    }

    @Override
    public String toString() {
        return "average pool " + window + " x " + window;
    }
}
