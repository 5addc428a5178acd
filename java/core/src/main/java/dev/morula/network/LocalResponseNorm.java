package dev.morula.network;

import dev.morula.MorulaException;

/**
 * Local response normalisation (Krizhevsky et al., 2012), as PyTorch's {@code nn.LocalResponseNorm}: every number is divided
 * by {@code (bias + alpha / size * sum of squares of the size channels around it) ^ beta}.
 */
public record LocalResponseNorm(int size, double alpha, double beta, double bias) implements Layer {
    public LocalResponseNorm {
        if (size < 1 || !(bias > 0) || !(alpha >= 0)) {
            throw MorulaException.usage(
                    "local response norm: size %d, alpha %s and bias %s; size is at least 1, alpha at least 0, bias above 0",
                    size, alpha, bias);
        }
    }

    @Override
    public Shape output(Shape input) {
        return input;
    }

    @Override
    public String toString() {
        return "local response norm over " + size + " channels";
    }
}
