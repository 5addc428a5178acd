package dev.morula.network;

/**
 * The input's channels followed by those that {@code body} makes of it (Huang et al., DenseNet, 2017). In the names of
 * parameters the body's layers stand by themselves.
 */
public record Concatenation(Sequence body) implements Layer {
    @Override
    public Shape output(Shape input) {
        Shape added = body.output(input);
        Layer.require(
                added.height() == input.height() && added.width() == input.width(),
                this,
                input,
                "a body that keeps the image's size, not one that gives " + added);
        return new Shape(input.channels() + added.channels(), input.height(), input.width());
    }

    @Override
    public String toString() {
        return "concatenation";
    }
}
