package dev.morula.network;

import java.util.List;

/**
 * A tensor that a layer has.
 *
 * @param name as PyTorch's module calls it: weight, bias, running_mean, running_var
 * @param shape PyTorch's shape, such as (outputs, inputs) of a linear layer's weight or (outputs, inputs, height, width) of
 *     a convolution's
 * @param role what it is for
 */
public record ParameterSpec(String name, List<Integer> shape, Role role) {
    /** What a tensor is for, which decides how it begins and whether it is trained. */
    public enum Role {
        /** Of a product; drawn at random. */
        WEIGHT,
        /** Added to a product; drawn at random or 0. */
        BIAS,
        /** A factor of a normalisation, 1 at first. */
        SCALE,
        /** Added after a normalisation, 0 at first. */
        SHIFT,
        /** A running mean, 0 at first; not trained. */
        MEAN,
        /** A running variance, 1 at first; not trained. */
        VARIANCE;

        /** Whether gradients change it. */
        public boolean isTrained() {
            return this != MEAN && this != VARIANCE;
        }
    }

    public ParameterSpec {
        shape = List.copyOf(shape);
    }

    /** Rows of the matrix that holds it: one an output; 1 for what has one dimension. */
    public int rows() {
        return shape.size() == 1 ? 1 : shape.get(0);
    }

    /** Columns of that matrix. A convolution's weight has height, width and input channel in it, in this order. */
    public int columns() {
        int from = shape.size() == 1 ? 0 : 1;
        return shape.subList(from, shape.size()).stream().reduce(1, Math::multiplyExact);
    }

    /** Numbers that each output is computed from: what initial weights are scaled by. */
    public int fanIn() {
        return columns();
    }

    /** Outputs that each input goes into, a convolution's positions counted. */
    public int fanOut() {
        return shape.size() == 1
                ? 1
                : shape.get(0) * shape.subList(2, shape.size()).stream().reduce(1, Math::multiplyExact);
    }
}
