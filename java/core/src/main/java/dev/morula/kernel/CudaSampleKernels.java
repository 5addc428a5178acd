package dev.morula.kernel;

import static dev.morula.kernel.CudaContext.check;

/** Forwards to the GPU library. */
final class CudaSampleKernels implements SampleKernels {
    private final CudaContext context;
    private final SampleKernels host;

    /** {@code host}: for eigenvectors, which LAPACK finds. */
    CudaSampleKernels(CudaContext context, SampleKernels host) {
        this.context = context;
        this.host = host;
    }

    @Override
    public void gatherRows(Matrix out, Matrix source, Matrix indices) {
        TrainShapes.gather(out, source, indices);
        try (CudaPins p = new CudaPins(context)) {
            check(MorulaCudaLibrary.morula_cuda_gather_rows(
                    context.address(),
                    p.overwrite(out),
                    p.read(source),
                    p.read(indices),
                    out.rows(),
                    source.rows(),
                    source.columns()));
        }
    }

    @Override
    public void gatherImages(Matrix out, Matrix source, Matrix indices, Matrix moves, Images images) {
        long[] shape = SampleShapes.images(out, source, indices, moves, images);
        try (CudaPins p = new CudaPins(context)) {
            check(MorulaCudaLibrary.morula_cuda_gather_images(
                    context.address(), p.overwrite(out), p.read(source), p.read(indices), p.read(moves), shape));
        }
    }

    @Override
    public void principalAxes(Matrix axes, Matrix variances, Matrix covariance) {
        host.principalAxes(axes, variances, covariance);
    }
}
