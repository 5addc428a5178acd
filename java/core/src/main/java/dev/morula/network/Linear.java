package dev.morula.network;

import dev.morula.MorulaException;
import dev.morula.network.ParameterSpec.Role;
import java.util.List;

/** A product with a weight, and a bias where it has one: {@code out = inp weight^T + bias}. */
public record Linear(int inputs, int outputs, boolean hasBias) implements Layer {
    public Linear {
        if (inputs < 1 || outputs < 1) {
            throw MorulaException.usage("linear: %d to %d features; both are at least 1", inputs, outputs);
        }
    }

    /** One with a bias. */
    public static Linear of(int inputs, int outputs) {
        return new Linear(inputs, outputs, true);
    }

    /** One without, as it stands before a normalisation. */
    public static Linear withoutBias(int inputs, int outputs) {
        return new Linear(inputs, outputs, false);
    }

    @Override
    public Shape output(Shape input) {
        Layer.require(input.isFeatures() && input.channels() == inputs, this, input, inputs + " features");
        return Shape.features(outputs);
    }

    @Override
    public List<ParameterSpec> parameters(Shape input) {
        ParameterSpec weight = new ParameterSpec("weight", List.of(outputs, inputs), Role.WEIGHT);
        return hasBias ? List.of(weight, new ParameterSpec("bias", List.of(outputs), Role.BIAS)) : List.of(weight);
    }

    @Override
    public String toString() {
        return "linear " + inputs + " to " + outputs;
    }
}
