package dev.morula.report;

/**
 * The correlation matrix, averaged over square blocks. Rows and columns are in cluster order: the clusters from the
 * largest to the smallest, each led by its representative, then the neurons of no cluster.
 *
 * @param side blocks a row, 1 to 1,024
 * @param blocks mean correlations in [-1, 1], row by row, {@code side * side} of them; NaN where there is none
 * @param neurons rows of the whole matrix
 * @param neuronsPerBlock rows that one block stands for; the last block of a row may stand for fewer
 */
public record MatrixFigure(int side, float[] blocks, long neurons, int neuronsPerBlock) {
    /** The most blocks a row. */
    public static final int LARGEST_SIDE = 1024;

    public MatrixFigure {
        if (side < 1 || side > LARGEST_SIDE) {
            throw new IllegalArgumentException("an image has 1 to " + LARGEST_SIDE + " blocks a row, not " + side);
        }
        if (blocks.length != side * side) {
            throw new IllegalArgumentException(side + " blocks a row make " + side * side + ", not " + blocks.length);
        }
        long needed = (neurons + neuronsPerBlock - 1) / neuronsPerBlock;
        if (needed != side) {
            throw new IllegalArgumentException(neurons + " neurons in blocks of " + neuronsPerBlock + " need " + needed
                    + " blocks a row, not " + side);
        }
    }
}
