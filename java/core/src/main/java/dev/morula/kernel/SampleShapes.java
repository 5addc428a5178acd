package dev.morula.kernel;

/** Checks that the matrices of a kernel of {@link SampleKernels} fit each other, and builds its descriptor. */
final class SampleShapes {
    private static final int MOVES = 3;

    private SampleShapes() {}

    /** The descriptor {@code morula_images}. */
    static long[] images(Matrix out, Matrix source, Matrix indices, Matrix moves, SampleKernels.Images images) {
        long positions = Math.multiplyExact((long) images.height(), images.width());
        if (positions < 1 || source.rows() % positions != 0) {
            throw new IllegalArgumentException("source has " + source.rows() + " rows, which are no images of "
                    + images.height() + " x " + images.width());
        }
        Shapes.require("source", source, ElementType.F32, source.rows(), source.columns());
        Shapes.require("indices", indices, ElementType.I32, indices.rows(), 1);
        Shapes.require("moves", moves, ElementType.I32, indices.rows(), MOVES);
        Shapes.require("out", out, ElementType.F32, indices.rows() * positions, source.columns());
        return new long[] {
            indices.rows(),
            source.rows() / positions,
            images.height(),
            images.width(),
            source.columns(),
            images.border().ordinal()
        };
    }

    static void axes(Matrix axes, Matrix variances, Matrix covariance) {
        Shapes.require("axes", axes, ElementType.F64, axes.rows(), axes.columns());
        Shapes.require("variances", variances, ElementType.F64, 1, axes.rows());
        Shapes.require("covariance", covariance, ElementType.F64, axes.columns(), axes.columns());
    }
}
