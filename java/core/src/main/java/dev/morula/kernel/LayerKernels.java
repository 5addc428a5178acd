package dev.morula.kernel;

/**
 * The layers of networks, forward and backward. A batch of images is a matrix of one row a position (image, row, column)
 * and one column a channel; what has no height and width has one position a sample.
 */
public interface LayerKernels {
    /**
     * A block of a linear layer's output, {@code out = activation(inp weight^T + bias)}.
     *
     * @param out batch x outputs; only {@code block} of it is written
     * @param inp batch x inputs
     * @param weight outputs x inputs
     * @param bias 1 x outputs
     */
    void linearForward(Matrix out, Matrix inp, Matrix weight, Matrix bias, Activation activation, Block block);

    /**
     * A block of the gradient of a linear layer's weight, {@code dweight = dout^T inp}, and, where the block begins at
     * column 0, the same rows of the gradient of its bias, the sums of {@code dout} over the batch.
     *
     * @param dweight where the block goes, packed: its first rows * columns numbers are written
     * @param dbias where the block's rows of the bias gradient go, packed
     * @param dout batch x outputs
     * @param inp batch x inputs
     * @param block rows (outputs) and columns (inputs) of the weight
     */
    void linearBackwardWeight(Matrix dweight, Matrix dbias, Matrix dout, Matrix inp, Block block);

    /**
     * A block of the gradient of a linear layer's input, {@code dinp = dout weight}. If the input is the output of a
     * ReLU, that layer's mask is applied too: 0 wherever {@code inp} is not positive.
     *
     * @param dinp batch x inputs; only {@code block} of it is written
     * @param dout batch x outputs
     * @param weight outputs x inputs
     * @param inp batch x inputs, and {@code activation} what made it
     */
    void linearBackwardInput(Matrix dinp, Matrix dout, Matrix weight, Matrix inp, Activation activation, Block block);

    /**
     * Replaces a weight of full rank by its orthogonal factor: rows of length {@code gain} at right angles to each other,
     * or columns where there are more rows. Of independent standard normal numbers it makes a uniformly distributed one.
     */
    void orthogonalFactor(Matrix weight, double gain);
}
