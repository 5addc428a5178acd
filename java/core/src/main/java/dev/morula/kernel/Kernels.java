package dev.morula.kernel;

/**
 * The compute kernels of one device, as the stages call them: one call is one tile or one layer of a batch. Arguments
 * come in the order outputs, inputs, sizes. Instances may be used from many threads at once.
 */
public sealed interface Kernels extends AutoCloseable permits CpuKernels {

    /** The kernels of the best CPU tier that this machine offers and MORULA_TIER allows. */
    static Kernels cpu() {
        return new CpuKernels(-1);
    }

    /** The kernels of the given CPU tier; fails if this machine or MORULA_TIER does not allow it. */
    static Kernels cpu(Tier tier) {
        return new CpuKernels(tier.ordinal());
    }

    /** The CPU tier in use. */
    Tier tier();

    @Override
    void close();

    // train

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
     * Softmax cross-entropy and its gradient. A row with a logit that is not finite gets loss and gradient NaN and the
     * prediction -1.
     *
     * @param dlogits batch x classes: the gradient of the mean loss over the batch; may be null
     * @param losses batch x 1
     * @param predicted batch x 1, I32: the first class with the largest logit
     * @param logits batch x classes
     * @param labels batch x 1, I32, each below the number of classes
     */
    void softmaxCrossEntropy(Matrix dlogits, Matrix losses, Matrix predicted, Matrix logits, Matrix labels);

    /**
     * One step of stochastic gradient descent, as PyTorch defines it, on a block of a parameter: {@code g = gradient +
     * weightDecay p; velocity = momentum velocity + g; p -= rate velocity}.
     *
     * @param parameter and {@code velocity}: of one shape; only {@code block} of them changes
     * @param gradient that of the block, packed
     */
    void sgdStep(
            Matrix parameter,
            Matrix velocity,
            Matrix gradient,
            double rate,
            double momentum,
            double weightDecay,
            Block block);

    /**
     * Copies rows: row i of {@code out} is row {@code indices[i]} of {@code source}.
     *
     * @param out count x columns
     * @param source any number of rows x columns
     * @param indices count x 1, I32
     */
    void gatherRows(Matrix out, Matrix source, Matrix indices);
}
