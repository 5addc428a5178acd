package dev.morula.network;

/** The mean of every channel over all positions of an image, which leaves one feature a channel. */
public record GlobalAveragePool() implements Layer {
    @Override
    public Shape output(Shape input) {
        return Shape.features(input.channels());
    }

    @Override
    public String toString() {
        return "global average pool";
    }
}
