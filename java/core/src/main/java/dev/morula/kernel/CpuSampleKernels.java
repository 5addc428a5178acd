package dev.morula.kernel;

import static dev.morula.kernel.Natives.check;

/** Forwards to the CPU library. */
final class CpuSampleKernels implements SampleKernels {
    private final CpuKernels kernels;

    CpuSampleKernels(CpuKernels kernels) {
        this.kernels = kernels;
    }

    @Override
    public void gatherRows(Matrix out, Matrix source, Matrix indices) {
        TrainShapes.gather(out, source, indices);
        try (Pins p = new Pins()) {
            check(MorulaLibrary.morula_gather_rows(
                    kernels.context(),
                    p.of(out),
                    p.of(source),
                    p.of(indices),
                    out.rows(),
                    source.rows(),
                    source.columns()));
        }
    }

    @Override
    public void gatherImages(Matrix out, Matrix source, Matrix indices, Matrix moves, Images images) {
        long[] shape = SampleShapes.images(out, source, indices, moves, images);
        try (Pins p = new Pins()) {
            check(MorulaLibrary.morula_gather_images(
                    kernels.context(), p.of(out), p.of(source), p.of(indices), p.of(moves), shape));
        }
    }

    @Override
    public void principalAxes(Matrix axes, Matrix variances, Matrix covariance) {
        SampleShapes.axes(axes, variances, covariance);
        try (Pins p = new Pins()) {
            check(MorulaLibrary.morula_principal_axes(
                    kernels.context(), p.of(axes), p.of(variances), p.of(covariance), axes.columns(), axes.rows()));
        }
    }
}
