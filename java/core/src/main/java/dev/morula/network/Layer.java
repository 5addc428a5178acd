package dev.morula.network;

import dev.morula.MorulaException;
import java.util.List;

/** A layer of a network, as a value: what it computes, and the shape and parameters that this takes. */
public sealed interface Layer
        permits AveragePool,
                BatchNorm,
                Concatenation,
                Convolution,
                Dropout,
                Flatten,
                GlobalAveragePool,
                Linear,
                LocalResponseNorm,
                MaxPool,
                Relu,
                Residual,
                Sequence {

    /**
     * The shape of its output.
     *
     * @throws MorulaException kind USAGE, naming layer and shape, if it cannot take {@code input}
     */
    Shape output(Shape input);

    /** The tensors that it has itself, those of layers inside it left out. */
    default List<ParameterSpec> parameters(Shape input) {
        return List.of();
    }

    /** Refuses a shape that {@code layer} cannot take. */
    static void require(boolean fits, Layer layer, Shape input, String needed) {
        if (!fits) {
            throw MorulaException.usage("%s cannot take %s: it needs %s", layer, input, needed);
        }
    }
}
