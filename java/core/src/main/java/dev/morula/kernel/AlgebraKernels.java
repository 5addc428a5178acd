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
}
