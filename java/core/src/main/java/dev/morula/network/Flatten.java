package dev.morula.network;

/** An image as one row of features: channel by channel, row by row, as PyTorch's {@code nn.Flatten} has them. */
public record Flatten() implements Layer {
    @Override
    public Shape output(Shape input) {
        return Shape.features(input.size());
    }

    @Override
    public String toString() {
        return "flatten";
    }
}
