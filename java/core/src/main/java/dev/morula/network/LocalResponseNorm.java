package dev.morula.network;

/**
 * Local response normalisation (Krizhevsky et al., 2012), as PyTorch's {@code nn.LocalResponseNorm}: every number is divided
 * by {@code (bias + alpha / size * sum of squares of the size channels around it) ^ beta}.
 */
public record LocalResponseNorm(int size, double alpha, double beta, double bias) implements Layer {
    @Override
    public Shape output(Shape input) {
        return input;
    }

    @Override
    public String toString() {
        return "local response norm over " + size + " channels";
    }
}
