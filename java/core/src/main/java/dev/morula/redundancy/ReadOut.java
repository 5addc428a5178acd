package dev.morula.redundancy;

import dev.morula.MorulaException;
import dev.morula.kernel.ElementType;
import dev.morula.kernel.Matrix;

/**
 * The linear layer that makes logits of the last hidden layer: {@code logits = activations weight^T + bias}.
 *
 * @param weight outputs x neurons, F32
 * @param bias 1 x outputs, F32
 */
public record ReadOut(Matrix weight, Matrix bias) {
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
}
