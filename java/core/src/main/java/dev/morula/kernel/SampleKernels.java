package dev.morula.kernel;

/** What brings samples into a batch. */
public interface SampleKernels {
    /**
     * Copies rows: row i of {@code out} is row {@code indices[i]} of {@code source}.
     *
     * @param out count x columns
     * @param source any number of rows x columns
     * @param indices count x 1, I32
     */
    void gatherRows(Matrix out, Matrix source, Matrix indices);

    /**
     * Copies images and moves them: position (y, x) of image i of {@code out} is position (y + {@code moves[i, 0]}, x +
     * {@code moves[i, 1]}) of image {@code indices[i]} of {@code source}; where {@code moves[i, 2]} is not 0, the result is
     * then mirrored left to right. An image is moved by less than its shorter side.
     *
     * @param out (count * height * width) x channels
     * @param source (any number of images * height * width) x channels
     * @param indices count x 1, I32
     * @param moves count x 3, I32
     * @param images height and width of an image, and what lies beyond them
     */
    void gatherImages(Matrix out, Matrix source, Matrix indices, Matrix moves, Images images);

    /**
     * The directions in which features vary most: the eigenvectors of {@code covariance} with the largest eigenvalues, as
     * rows, strongest first, with any sign.
     *
     * @param axes count x features, F64
     * @param variances 1 x count, F64: the eigenvalues
     * @param covariance features x features, F64, of which the lower triangle is read; overwritten
     */
    void principalAxes(Matrix axes, Matrix variances, Matrix covariance);

    /** Images of {@code height} x {@code width} positions. */
    record Images(int height, int width, Border border) {}

    /** What lies beyond the border of an image. */
    enum Border {
        ZERO,
        /** The image mirrored at its first and last row and column, which are not repeated. */
        REFLECT
    }
}
