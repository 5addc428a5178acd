package dev.morula.kernel;

/**
 * Layers that are products with a weight, forward and backward. A batch of images is a matrix of one row a position (image,
 * row, column) and one column a channel; what has no height and width has one position a sample.
 */
public interface ProductKernels {
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
    /** The numbers that the workspace of a call for {@code block} must have room for. */
    long convolutionWorkspace(ConvolutionPass pass, ConvolutionShape shape, Block block);

    /**
     * A block of a convolution's output: {@code out[b, y, x, o] = activation(bias[o] + sum over ky, kx, i of inp[b, y
     * stride + ky - padding, x stride + kx - padding, i] weight[o, ky, kx, i])}, where what lies outside the image is 0.
     *
     * @param out (batch * output positions) x outputs; only the block's samples and columns are written
     * @param inp (batch * input positions) x inputs
     * @param weight outputs x {@link ConvolutionShape#weightColumns}
     * @param bias 1 x outputs, or null for none
     * @param block samples of the batch (as rows) and outputs (as columns)
     * @param workspace memory of {@link #convolutionWorkspace} numbers that nobody else uses meanwhile
     */
    void convolutionForward(
            Matrix out,
            Matrix inp,
            Matrix weight,
            Matrix bias,
            ConvolutionShape shape,
            Activation activation,
            Block block,
            Matrix workspace);

    /**
     * What some samples contribute to columns of the gradient of a convolution's weight, {@code dweight[o, ky, kx, i] = sum
     * over b, y, x of dout[b, y, x, o] inp[b, y stride + ky - padding, x stride + kx - padding, i]}, and, where the block
     * begins at column 0, to the gradient of its bias, the sums of {@code dout} over these samples' positions.
     *
     * @param dweight where it goes, packed: outputs x the block's columns
     * @param dbias 1 x outputs, or null if the gradient of the bias is not wanted
     * @param dout (batch * output positions) x outputs
     * @param inp (batch * input positions) x inputs
     * @param block samples of the batch (as rows) and columns of the weight
     * @param workspace as for {@link #convolutionForward}
     */
    void convolutionBackwardWeight(
            Matrix dweight,
            Matrix dbias,
            Matrix dout,
            Matrix inp,
            ConvolutionShape shape,
            Block block,
            Matrix workspace);

    /**
     * A block of the gradient of a convolution's input.
     *
     * @param dinp (batch * input positions) x inputs; only the block's samples and columns are written
     * @param dout (batch * output positions) x outputs
     * @param weight outputs x {@link ConvolutionShape#weightColumns}
     * @param block samples of the batch (as rows) and inputs (as columns)
     * @param workspace as for {@link #convolutionForward}
     */
    void convolutionBackwardInput(
            Matrix dinp, Matrix dout, Matrix weight, ConvolutionShape shape, Block block, Matrix workspace);

    /**
     * Adds up what calls for different samples have contributed to one gradient: to columns {@code first} to {@code first +
     * count} of the first row of {@code sums}, those of the other rows, in order.
     *
     * @param sums one row a part
     */
    void addParts(Matrix sums, long first, long count);
}
