package dev.morula.redundancy;

import dev.morula.MorulaException;
import dev.morula.kernel.Activation;
import dev.morula.kernel.Block;
import dev.morula.kernel.ElementType;
import dev.morula.kernel.Kernels;
import dev.morula.kernel.Matrix;
import dev.morula.kernel.Workers;

/**
 * The linear layer that makes logits of the last hidden layer: {@code logits = activations weight^T + bias}.
 *
 * @param weight outputs x neurons, F32
 * @param bias 1 x outputs, F32
 */
public record ReadOut(Matrix weight, Matrix bias) implements AutoCloseable {
    /** What a sample is predicted to be where a logit is not a number: no class. */
    public static final int NO_CLASS = -1;

    private static final int BLOCK = 1024; // samples a part of parallel work

    public ReadOut {
        if (weight.type() != ElementType.F32 || bias.type() != ElementType.F32) {
            throw new IllegalArgumentException("a read-out is F32, not " + weight.type() + " and " + bias.type());
        }
        if (bias.rows() * bias.columns() != weight.rows()) {
            throw MorulaException.input(
                    "read-out: the weight has %d outputs, but the bias %d",
                    weight.rows(), bias.rows() * bias.columns());
        }
    }

    public int outputs() {
        return Math.toIntExact(weight.rows());
    }

    /**
     * What it makes of {@code features}: logits, samples x outputs, F32. The caller closes them.
     *
     * @throws MorulaException of kind INPUT, if it reads another number of neurons or tells fewer classes apart
     */
    public Matrix logits(Features features, Kernels kernels, Workers workers) {
        requireFit(features);
        Matrix logits = Matrix.allocate(ElementType.F32, features.samples(), outputs());
        try {
            workers.forEach((features.samples() + BLOCK - 1L) / BLOCK, (part, worker) -> {
                long first = part * BLOCK;
                Block block = new Block(first, Math.min(BLOCK, features.samples() - first), 0, outputs());
                Matrix row = bias.reshape(1, outputs());
                kernels.products()
                        .linearForward(logits, features.activations(), weight, row, Activation.IDENTITY, block);
            });
            return logits;
        } catch (RuntimeException | Error e) {
            logits.close();
            throw e;
        }
    }

    /** Refuses features of another number of neurons, or of more classes than this tells apart. */
    public void requireFit(Features features) {
        if (weight.columns() != features.neurons()) {
            throw MorulaException.input(
                    "layer %s: has %d neurons, but the read-out takes %d",
                    features.name(), features.neurons(), weight.columns());
        }
        int told = Math.max(2, outputs()); // one output tells two classes apart by its sign
        if (features.classes() > told) {
            throw MorulaException.input(
                    "layer %s: has labels of %d classes, but the read-out's outputs tell at most %d apart",
                    features.name(), features.classes(), told);
        }
    }

    /**
     * The class that logits {@code first} to {@code first + outputs - 1} mean: the first of the largest, or with one
     * output 1 where it is above 0, and else 0; {@link #NO_CLASS} if one of them is not a number.
     */
    public static int predicted(float[] logits, int first, int outputs) {
        int best = first;
        for (int k = first; k < first + outputs; k++) {
            if (Float.isNaN(logits[k])) {
                return NO_CLASS;
            }
            best = logits[k] > logits[best] ? k : best;
        }
        return outputs == 1 ? (logits[first] > 0 ? 1 : 0) : best - first;
    }

    /** Frees weight and bias. */
    @Override
    public void close() {
        weight.close();
        bias.close();
    }
}
