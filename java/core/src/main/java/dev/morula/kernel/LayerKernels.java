package dev.morula.kernel;

/**
 * The layers between products, forward and backward, on matrices as {@link ProductKernels} has them. What must not be hidden
 * is not: NaN gives NaN.
 */
public interface LayerKernels {
    /** Rows of the terms of a batch norm. */
    int BATCH_NORM_TERMS = 4;

    /** Rows of its slopes. */
    int BATCH_NORM_SLOPES = 2;

    /**
     * Sums over the rows of {@code block} of deviations from the first row of {@code inp}, and of their squares: one part
     * of what {@link #batchNormTraining} needs.
     *
     * @param sums 1 x (2 * channels), F64: sums, then sums of squares; only the block's columns are written
     * @param inp rows x channels
     */
    void batchNormSums(Matrix sums, Matrix inp, Block block);

    /**
     * What a batch norm does to the batch {@code inp}, for the columns of {@code block}; its running averages move on, that
     * of the variance by the unbiased one, as PyTorch has it.
     *
     * @param terms {@link #BATCH_NORM_TERMS} x channels: factor and constant of {@code out = factor inp + constant}, mean, and
     *     1 / sqrt(variance + epsilon)
     * @param sums parts x (2 * channels), F64: the sums of parts of the rows that make up all of them
     * @param inp rows x channels; 2 rows at least
     */
    void batchNormTraining(Matrix terms, Matrix sums, Matrix inp, BatchNormParameters parameters, Block block);

    /** The same terms from the running averages, for all channels. */
    void batchNormEvaluation(Matrix terms, BatchNormParameters parameters);

    /** A block of {@code out = activation(factor inp + constant)}, all of them rows x channels, by the terms. */
    void batchNormForward(Matrix out, Matrix inp, Matrix terms, Activation activation, Block block);

    /**
     * Sums over the rows of {@code block} of g and of {@code g (inp - mean)}, where g is {@code dout}, or, if {@code out} is
     * given, 0 where that output of a ReLU is not positive.
     *
     * @param sums 1 x (2 * channels), F64; only the block's columns are written
     * @param out null if no ReLU follows
     */
    void batchNormBackwardSums(Matrix sums, Matrix dout, Matrix inp, Matrix out, Matrix terms, Block block);

    /**
     * The gradients of scale and shift for the columns of {@code block}, and what the gradient of the input takes.
     *
     * @param dscale and {@code dshift}: 1 x channels
     * @param slopes {@link #BATCH_NORM_SLOPES} x channels
     * @param sums parts x (2 * channels), F64: the sums of parts of the rows that make up all of them
     * @param rows of the batch
     */
    void batchNormGradients(
            Matrix dscale, Matrix dshift, Matrix slopes, Matrix sums, Matrix terms, long rows, Block block);

    /** A block of the gradient of a batch norm's input; {@code out} as in {@link #batchNormBackwardSums}. */
    void batchNormBackwardInput(
            Matrix dinp, Matrix dout, Matrix inp, Matrix out, Matrix terms, Matrix slopes, Block block);

    /**
     * The largest number of every window, or NaN if one is there, for some samples.
     *
     * @param out (samples * windows) x channels
     * @param inp (samples * positions) x channels
     */
    void maxPool(Matrix out, Matrix inp, PoolWindows windows, long firstSample, long samples);

    /** Its backward pass: {@code dout} goes to the first of a window's largest numbers. */
    void maxPoolBackward(
            Matrix dinp, Matrix dout, Matrix inp, Matrix out, PoolWindows windows, long firstSample, long samples);

    /** The mean of every window, padding counted as 0, for some samples; shapes as in {@link #maxPool}. */
    void averagePool(Matrix out, Matrix inp, PoolWindows windows, long firstSample, long samples);

    /** Its backward pass. */
    void averagePoolBackward(Matrix dinp, Matrix dout, PoolWindows windows, long firstSample, long samples);

    /**
     * Local response normalisation of some rows: {@code out_c = inp_c / (bias + alpha / size * sum of squares of the size
     * channels around c) ^ beta}.
     *
     * @param out and {@code inp}: rows x channels
     */
    void localResponseNorm(Matrix out, Matrix inp, ResponseRule rule, long firstRow, long rows);

    /**
     * Its backward pass.
     *
     * @param workspace room for two rows
     */
    void localResponseNormBackward(
            Matrix dinp, Matrix workspace, Matrix dout, Matrix inp, ResponseRule rule, long firstRow, long rows);

    /** The parameters of a local response normalisation, as PyTorch's {@code nn.LocalResponseNorm} has them. */
    record ResponseRule(long size, double alpha, double beta, double bias) {}

    /**
     * Dropout of {@code count} elements from {@code first} on: 0 with the given probability, else the number divided by the
     * complement. Which are dropped depends on seed, step and the element's place alone; backward, the same call with
     * the gradient. NaN stays NaN.
     */
    void dropout(Matrix out, Matrix inp, DropoutDraw draw, long first, long count);

    /**
     * What decides which elements are dropped.
     *
     * @param step one number (I64): calls that are repeated draw by what it is then
     */
    record DropoutDraw(long seed, Matrix step, double probability) {}

    /** Elements of {@code out = inp}, 0 where that is negative. */
    void relu(Matrix out, Matrix inp, long first, long count);

    /** Elements of {@code dinp = dout}, 0 where {@code out}, the ReLU's output, is not positive. */
    void reluBackward(Matrix dinp, Matrix dout, Matrix out, long first, long count);

    /** Elements of {@code out = activation(left + right)}; {@code out} may be either of them. */
    void add(Matrix out, Matrix left, Matrix right, Activation activation, long first, long count);

    /**
     * Copies {@code count} channels of {@code inp} from {@code inpFirst} on to those of {@code out} from {@code outFirst} on,
     * for some of their rows.
     */
    void copyChannels(Matrix out, long outFirst, Matrix inp, long inpFirst, long count, long firstRow, long rows);

    /**
     * Transposes some samples, each a matrix of its own.
     *
     * @param out samples of columns x rows numbers
     * @param inp samples of rows x columns numbers
     */
    void transposeSamples(Matrix out, Matrix inp, long rows, long columns, long firstSample, long samples);
}
