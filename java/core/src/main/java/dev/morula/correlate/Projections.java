package dev.morula.correlate;

import dev.morula.kernel.ElementType;
import dev.morula.kernel.Kernels;
import dev.morula.kernel.Matrix;
import dev.morula.kernel.Progress;
import dev.morula.kernel.ScreenKernels;
import dev.morula.kernel.ScreenKernels.Basis;
import dev.morula.kernel.Stage;
import dev.morula.kernel.Workers;
import dev.morula.standardise.StandardisedLayer;

/** Projects neurons on a basis. */
final class Projections {
    private static final Stage STAGE = new Stage("project", Stage.Unit.NEURONS);
    private static final int BLOCK = 256; // neurons a part of parallel work

    private Projections() {}

    /** Neurons x rank, F32; the caller closes it. */
    static Matrix of(
            StandardisedLayer layer,
            Positions positions,
            Basis basis,
            Kernels kernels,
            Workers workers,
            Progress progress) {
        long count = positions.count();
        Matrix projections = Matrix.allocate(ElementType.F32, count, basis.rank());
        try (Matrix workspaces =
                Matrix.allocate(ElementType.F32, (long) workers.count() * BLOCK, ScreenKernels.PIECE)) {
            workers.forEach((count + BLOCK - 1) / BLOCK, (block, worker) -> {
                long first = block * BLOCK;
                long rows = Math.min(BLOCK, count - first);
                try (Matrix list = positions.list(first, rows)) {
                    Matrix workspace = workspaces.slice((long) worker * BLOCK, BLOCK);
                    kernels.screen().project(projections.slice(first, rows), workspace, layer.view(), list, basis);
                }
                if (worker == 0) {
                    progress.report(STAGE, first, count);
                }
            });
            progress.report(STAGE, count, count);
            return projections;
        } catch (RuntimeException | Error e) {
            projections.close();
            throw e;
        }
    }
}
