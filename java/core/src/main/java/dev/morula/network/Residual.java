package dev.morula.network;

import java.util.Optional;

/**
 * The sum of what {@code body} makes of the input and the input itself, or what {@code shortcut} makes of it (He et al.,
 * 2016). In the names of parameters the body's layers stand by themselves, the shortcut's after {@code shortcut}.
 */
public record Residual(Sequence body, Optional<Sequence> shortcut) implements Layer {
    /** What the names of the shortcut's parameters begin with. */
    public static final String SHORTCUT = "shortcut";

    @Override
    public Shape output(Shape input) {
        Shape out = body.output(input);
        Shape added = shortcut.map(layers -> layers.output(input)).orElse(input);
        Layer.require(out.equals(added), this, input, "a shortcut that gives " + out + ", not " + added);
        return out;
    }

    @Override
    public String toString() {
        return "residual block";
    }
}
