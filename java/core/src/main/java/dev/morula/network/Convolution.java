package dev.morula.network;

import dev.morula.MorulaException;
import dev.morula.network.ParameterSpec.Role;
import java.util.List;

/**
 * A two-dimensional convolution with a square kernel, as PyTorch's {@code nn.Conv2d}.
 *
 * @param kernel height and width of the kernel
 * @param stride positions between two outputs, both ways
 * @param padding zeros around the image, on each side
 */
public record Convolution(int inputs, int outputs, int kernel, int stride, int padding, boolean hasBias)
        implements Layer {
    public Convolution {
        if (inputs < 1 || outputs < 1 || kernel < 1 || stride < 1 || padding < 0) {
            throw MorulaException.usage(
                    "convolution: %d to %d channels, kernel %d, stride %d, padding %d; each is at least 1, padding at least 0",
                    inputs, outputs, kernel, stride, padding);
        }
    }

    /** A 3 x 3 one without bias that keeps the image's size. */
    public static Convolution threeByThree(int inputs, int outputs) {
        return new Convolution(inputs, outputs, 3, 1, 1, false);
    }

    @Override
    public Shape output(Shape input) {
        Layer.require(input.channels() == inputs, this, input, inputs + " channels");
        Layer.require(
                Math.min(input.height(), input.width()) + 2 * padding >= kernel,
                this,
                input,
                "an image of at least " + (kernel - 2 * padding) + " x " + (kernel - 2 * padding));
        return new Shape(outputs, outputs(input.height()), outputs(input.width()));
    }

    private int outputs(int positions) {
        return (positions + 2 * padding - kernel) / stride + 1;
    }

    @Override
    public List<ParameterSpec> parameters(Shape input) {
        ParameterSpec weight = new ParameterSpec("weight", List.of(outputs, inputs, kernel, kernel), Role.WEIGHT);
        return hasBias ? List.of(weight, new ParameterSpec("bias", List.of(outputs), Role.BIAS)) : List.of(weight);
    }

    @Override
    public String toString() {
        return "convolution " + kernel + " x " + kernel + ", " + inputs + " to " + outputs + " channels";
    }
}
