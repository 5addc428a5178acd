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
     * Draws the weights from a normal distribution of variance 2 / inputs, which keeps the variance of activations
     * through layers of ReLU (He et al., Delving Deep into Rectifiers, 2015); the bias stays 0.
     */
    void initialise(RandomNumbers random) {
        double deviation = Math.sqrt(2.0 / inputs());
        float[] row = new float[Math.toIntExact(inputs())];
        for (long neuron = 0; neuron < outputs(); neuron++) {
            for (int input = 0; input < row.length; input++) {
                row[input] = (float) (deviation * random.nextNormal());
            }
            weight.write(neuron * row.length, row, 0, row.length);
        }
    }

    @Override
    public void close() {
        weight.close();
        bias.close();
    }
}
