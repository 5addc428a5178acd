package dev.morula.train;

import dev.morula.kernel.ElementType;
import dev.morula.kernel.Matrix;

/** A linear layer's parameters: weight is outputs x inputs, as PyTorch keeps it, bias 1 x outputs. */
record Linear(Matrix weight, Matrix bias) implements AutoCloseable {
    /** A layer of zeros. */
    static Linear allocate(long inputs, long outputs) {
        return new Linear(
                Matrix.allocate(ElementType.F32, outputs, inputs), Matrix.allocate(ElementType.F32, 1, outputs));
    }

    long inputs() {
        return weight.columns();
    }

    long outputs() {
        return weight.rows();
    }

    /**
     * Draws weights and bias uniformly from +-1 / sqrt(inputs), as PyTorch's {@code nn.Linear} does. With the larger
     * weights of He et al. (2015) a wide network at the usual rates stops learning at once: 784-256-256-4096 at a rate of
     * 0.05 guesses from the first epoch on, in PyTorch as here.
     */
    void initialise(RandomNumbers random) {
        float bound = (float) (1 / Math.sqrt(inputs()));
        fill(weight, bound, random);
        fill(bias, bound, random);
    }

    private static void fill(Matrix parameter, float bound, RandomNumbers random) {
        float[] row = new float[Math.toIntExact(parameter.columns())];
        for (long first = 0; first < parameter.rows() * row.length; first += row.length) {
            for (int i = 0; i < row.length; i++) {
                row[i] = bound * (2 * random.nextUnit() - 1);
            }
            parameter.write(first, row, 0, row.length);
        }
    }

    @Override
    public void close() {
        weight.close();
        bias.close();
    }
}
