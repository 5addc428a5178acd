package dev.morula.network;

/** 0 where the input is negative, else the input. */
public record Relu() implements Layer {
    @Override
    public Shape output(Shape input) {
        return input;
    }

    @Override
    public String toString() {
        return "ReLU";
    }
}
