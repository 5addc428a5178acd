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
}
