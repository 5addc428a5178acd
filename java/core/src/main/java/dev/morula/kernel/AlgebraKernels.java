package dev.morula.kernel;

/** Dense linear algebra in float64, for statistics of layers. */
public interface AlgebraKernels {
    /**
     * A block of the Gram matrix of centred neurons, {@code gram = (values - means)^T (values - means)}, and its mirror
     * image. Calls for blocks that neither overlap nor mirror each other may run at once.
     *
     * @param gram neurons x neurons, F64
     * @param values samples x neurons, F32
     * @param means 1 x neurons, F64
     */
    void gram(Matrix gram, Matrix values, Matrix means, Block block);

    /**
     * All eigenvalues of a symmetric matrix, ascending.
     *
     * @param eigenvalues 1 x size, F64
     * @param matrix size x size, F64, of which the lower triangle is read; overwritten
     */
    void eigenvalues(Matrix eigenvalues, Matrix matrix);

    /**
     * Logits of the neurons of a chunk alone, summed in their order: {@code logits[o, s] = bias[o] + sum over j in chunk of
     * weight[o, j] activations[j, s]}.
     *
     * @param logits outputs x samples, F32; few samples, so that they stay in cache
     * @param activations neurons x samples, F32
     * @param weight outputs x neurons, F32
     * @param bias 1 x outputs, F32
     */
    void chunkLogits(Matrix logits, Matrix activations, int[] chunk, Matrix weight, Matrix bias);

    /** The numbers (F64) of the workspace that {@link #fitChunk} needs: chunk^2 + 2 chunk neurons. */
    long chunkFitWorkspace(long neurons, long chunk);

    /**
     * The ridge regression, with an intercept, of all neurons of a layer on a chunk of them, and the correlations of its
     * residuals.
     *
     * @param gram neurons x neurons, F64, as {@link #gram} makes it over all samples; finite
     * @param chunk different neurons
     * @param workspace of {@link #chunkFitWorkspace} numbers, which nobody else uses meanwhile
     * @param alpha what the squares of coefficients cost; above 0
     */
    ChunkFit fitChunk(Matrix gram, int[] chunk, Matrix workspace, double alpha);

    /**
     * What the fit of a chunk leaves. Neurons that are constant have no part in it.
     *
     * @param residualSquares sum over all neurons and samples
     * @param totalSquares the same of the neurons themselves, less their means
     * @param heldOut sum of the absolute correlations of residuals over pairs of neurons outside the chunk of which
     *     something is left: at least 1e-12 of a neuron's own variance
     * @param heldOutPairs how many pairs that are
     * @param all the same sum over all pairs; those of which nothing is left add 0
     * @param allPairs how many pairs there are in all
     * @param predicted neurons outside the chunk of which nothing is left
     */
    record ChunkFit(
            double residualSquares,
            double totalSquares,
            double heldOut,
            double heldOutPairs,
            double all,
            double allPairs,
            double predicted) {}
}
