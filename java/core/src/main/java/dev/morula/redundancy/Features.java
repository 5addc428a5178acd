package dev.morula.redundancy;

import dev.morula.MorulaException;
import dev.morula.kernel.ElementType;
import dev.morula.kernel.Matrix;

/**
 * Activations of a layer on labelled samples.
 *
 * @param name what the layer is called in messages and results
 * @param activations samples x neurons, F32
 * @param labels one a sample, from 0 to {@code classes - 1}
 */
public record Features(String name, Matrix activations, int[] labels, int classes) implements AutoCloseable {
    public Features {
        if (activations.type() != ElementType.F32) {
            throw new IllegalArgumentException("activations are " + activations.type() + ", not F32");
        }
        if (labels.length != activations.rows()) {
            throw MorulaException.input(
                    "layer %s: %d samples have %d labels; there must be one a sample",
                    name, activations.rows(), labels.length);
        }
        for (int label : labels) {
            if (label < 0 || label >= classes) {
                throw MorulaException.input(
                        "layer %s: label %d, but the labels of %d classes are 0 to %d",
                        name, label, classes, classes - 1);
            }
        }
    }

    public int samples() {
        return labels.length;
    }

    public int neurons() {
        return Math.toIntExact(activations.columns());
    }

    /** Frees the activations. */
    @Override
    public void close() {
        activations.close();
    }
}
