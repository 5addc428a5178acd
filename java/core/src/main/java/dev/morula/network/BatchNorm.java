package dev.morula.network;

import dev.morula.network.ParameterSpec.Role;
import java.util.List;

/**
 * Batch normalisation of every channel (Ioffe and Szegedy, 2015), with PyTorch's defaults: in training by the batch's own
 * mean and variance, of which running averages with a weight of 0.1 are kept, in evaluation by those; 1e-5 is added to
 * variances.
 */
public record BatchNorm(int channels) implements Layer {
    public static final double EPSILON = 1e-5;
    public static final double MOMENTUM = 0.1;

    @Override
    public Shape output(Shape input) {
        Layer.require(input.channels() == channels, this, input, channels + " channels");
        return input;
    }

    @Override
    public List<ParameterSpec> parameters(Shape input) {
        return List.of(
                new ParameterSpec("weight", List.of(channels), Role.SCALE),
                new ParameterSpec("bias", List.of(channels), Role.SHIFT),
                new ParameterSpec("running_mean", List.of(channels), Role.MEAN),
                new ParameterSpec("running_var", List.of(channels), Role.VARIANCE));
    }

    @Override
    public String toString() {
        return "batch norm of " + channels + " channels";
    }
}
