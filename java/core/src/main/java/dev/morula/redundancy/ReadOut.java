package dev.morula.redundancy;

import dev.morula.MorulaException;
import dev.morula.kernel.Activation;
import dev.morula.kernel.Block;
import dev.morula.kernel.ElementType;
import dev.morula.kernel.Kernels;
import dev.morula.kernel.Matrix;
import dev.morula.kernel.Workers;
import java.util.List;

/**
 * The linear layer that makes logits of the last hidden layer: {@code logits = activations weight^T + bias}.
 *
 * @param weight outputs x neurons, F32
 * @param bias 1 x outputs, F32
 */
public record ReadOut(Matrix weight, Matrix bias) implements AutoCloseable {
    /** What a sample is predicted to be where a logit is not a number: no class. */
    public static final int NO_CLASS = -1;

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

    /** What it makes of {@code activations} (samples x neurons): samples x outputs. The caller closes the logits. */
    public Matrix logits(Matrix activations, Kernels kernels, Workers workers) {
        Matrix logits = Matrix.allocate(ElementType.F32, activations.rows(), outputs());
        try {
            List<Block> blocks = Block.split(activations.rows(), outputs(), workers.count(), Long.MAX_VALUE);
            workers.forEach(blocks.size(), (block, worker) -> kernels.products()
                    .linearForward(
                            logits,
                            activations,
                            weight,
                            bias.reshape(1, outputs()),
                            Activation.IDENTITY,
                            blocks.get((int) block)));
            return logits;
        } catch (RuntimeException | Error e) {
            logits.close();
            throw e;
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
