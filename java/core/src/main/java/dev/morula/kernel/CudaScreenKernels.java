package dev.morula.kernel;

import static dev.morula.kernel.CudaContext.check;

import dev.morula.kernel.Kernels.Selection;
import dev.morula.kernel.Kernels.Side;

/**
 * Forwards to the GPU library what takes time on a large layer: rows of pieces, projections, panels and refining. What is
 * done once, on a sample of neurons or in float64, is the CPU's.
 */
final class CudaScreenKernels implements ScreenKernels {
    private final CudaContext context;
    private final ScreenKernels host;

    CudaScreenKernels(CudaContext context, ScreenKernels host) {
        this.context = context;
        this.host = host;
    }

    @Override
    public void standardise(Matrix rows, LayerView layer, Slots slots, long firstSample) {
        try (Pins pins = new Pins();
                CudaPins p = new CudaPins(context)) {
            check(MorulaCudaLibrary.morula_cuda_standardise_piece(
                    context.address(),
                    p.update(rows),
                    CpuKernels.descriptor(pins, layer),
                    CpuScreenKernels.descriptor(pins, slots),
                    firstSample,
                    rows.columns()));
        }
    }

    @Override
    public void addGram(Matrix gram, Matrix piece, long firstRow, long rows) {
        host.addGram(gram, piece, firstRow, rows);
    }

    @Override
    public long principal(Matrix weights, Matrix gram) {
        return host.principal(weights, gram);
    }

    @Override
    public void combine(Matrix basis, Matrix weights, Matrix piece) {
        host.combine(basis, weights, piece);
    }

    @Override
    public double[] orthonormalise(Matrix basis, long rank) {
        return host.orthonormalise(basis, rank);
    }

    @Override
    public void project(Matrix projections, Matrix workspace, LayerView layer, Slots slots, Basis basis) {
        try (Pins pins = new Pins();
                CudaPins p = new CudaPins(context)) {
            check(MorulaCudaLibrary.morula_cuda_project(
                    context.address(),
                    p.overwrite(projections),
                    CpuKernels.descriptor(pins, layer),
                    CpuScreenKernels.descriptor(pins, slots),
                    CpuScreenKernels.descriptor(p.readNullable(basis.rows()), basis),
                    projections.rows()));
        }
    }

    @Override
    public double projectionError(Basis basis, long samples) {
        try (CudaPins p = new CudaPins(context)) {
            return MorulaCudaLibrary.morula_cuda_projection_error(
                    context.address(), CpuScreenKernels.descriptor(p.readNullable(basis.rows()), basis), samples);
        }
    }

    @Override
    public double screenRows(Matrix rows, Matrix projections, Screen screen, Side side) {
        double[] largest = {0};
        try (Pins pins = new Pins()) {
            check(MorulaCudaLibrary.morula_cuda_screen_rows(
                    context.address(),
                    pins.of(rows),
                    largest,
                    pins.of(projections),
                    CpuScreenKernels.descriptor(screen, projections.columns()),
                    rows.rows(),
                    side.ordinal()));
        }
        return largest[0];
    }

    @Override
    public void packRows(Matrix panel, Matrix rows, Side side) {
        try (Pins pins = new Pins();
                CudaPins p = new CudaPins(context)) {
            check(MorulaCudaLibrary.morula_cuda_pack_rows(
                    context.address(), p.overwrite(panel), pins.of(rows), rows.rows(), rows.columns(), side.ordinal()));
        }
    }

    @Override
    public double screenBound(Screen screen, double largest) {
        return MorulaCudaLibrary.morula_cuda_screen_bound(
                context.address(), CpuScreenKernels.descriptor(screen, 0), largest);
    }

    @Override
    public void refine(Matrix sums, Matrix pairs, long count, Matrix rows) {
        try (CudaPins p = new CudaPins(context)) {
            check(MorulaCudaLibrary.morula_cuda_refine(
                    context.address(), p.update(sums), p.read(pairs), count, p.read(rows), rows.columns()));
        }
    }

    @Override
    public double refineBound(long samples) {
        return host.refineBound(samples);
    }

    @Override
    public Sifted sift(
            Matrix pairs, Matrix values, Matrix open, Matrix sums, long count, Selection selection, double bound) {
        return host.sift(pairs, values, open, sums, count, selection, bound);
    }
}
