package dev.morula.kernel;

import static dev.morula.kernel.CudaContext.check;

/**
 * Forwards to the GPU library what that has kernels for, and the rest to the CPU's: matrices are copied to whichever side
 * wants them.
 */
final class CudaKernels implements Kernels {
    private final CpuKernels host = new CpuKernels(-1);
    private final CudaContext context;
    private final String name;
    private final ProductKernels products;
    private final LayerKernels layers;
    private final LossKernels losses;
    private final OptimizerKernels optimizers;
    private final SampleKernels samples;
    private final ScreenKernels screen;

    CudaKernels(int device, long memory) {
        CudaDevices.require();
        context = new CudaContext(device, memory);
        name = CudaDevices.name(device);
        products = new CudaProductKernels(context, host.products());
        layers = new CudaLayerKernels(context);
        losses = new CudaLossKernels(context);
        optimizers = new CudaOptimizerKernels(context);
        samples = new CudaSampleKernels(context, host.samples());
        screen = new CudaScreenKernels(context, host.screen());
    }

    /** The device's memory and what is in it. */
    CudaContext context() {
        return context;
    }

    @Override
    public String device() {
        return name;
    }

    @Override
    public Tier tier() {
        return host.tier();
    }

    @Override
    public boolean computesWholeOperations() {
        return true;
    }

    @Override
    public Repetition repetition(int parts) {
        return new CudaRepetition(context, parts);
    }

    // train

    @Override
    public ProductKernels products() {
        return products;
    }

    @Override
    public LayerKernels layers() {
        return layers;
    }

    @Override
    public LossKernels losses() {
        return losses;
    }

    @Override
    public OptimizerKernels optimizers() {
        return optimizers;
    }

    @Override
    public SampleKernels samples() {
        return samples;
    }

    // activations

    @Override
    public void transpose(Matrix out, long firstSample, Matrix in, Block block) {
        host.transpose(out, firstSample, in, block);
    }

    @Override
    public void transposeBlock(Matrix out, Matrix in, Block block) {
        host.transposeBlock(out, in, block);
    }

    // standardise

    @Override
    public void moments(Matrix moments, Matrix values, Metric metric) {
        try (Pins pins = new Pins()) {
            check(MorulaCudaLibrary.morula_cuda_moments_of(
                    context.address(),
                    pins.of(moments),
                    pins.of(values),
                    values.type().code(),
                    values.rows(),
                    values.columns(),
                    metric.ordinal()));
        }
    }

    @Override
    public void rank(Matrix ranks, Matrix values) {
        host.rank(ranks, values);
    }

    @Override
    public void columnMoments(Matrix moments, LayerView layer, long first, Metric metric) {
        host.columnMoments(moments, layer, first, metric);
    }

    @Override
    public void standardise(Matrix means, LayerView layer, Matrix members, long size) {
        host.standardise(means, layer, members, size);
    }

    // correlate

    @Override
    public PanelSizes panelSizes() {
        long[] sizes = {0, 0, 0};
        MorulaCudaLibrary.morula_cuda_panel_rows(context.address(), sizes);
        return new PanelSizes(sizes[0], sizes[1], sizes[2]);
    }

    @Override
    public long packedBytes(Side side, long rows, long samples) {
        return MorulaCudaLibrary.morula_cuda_packed_bytes(context.address(), side.ordinal(), rows, samples);
    }

    @Override
    public long tileWorkspaceBytes() {
        return MorulaCudaLibrary.morula_cuda_tile_workspace_bytes(context.address());
    }

    @Override
    public double pack(Matrix panel, LayerView layer, Matrix neurons, Side side) {
        double[] error = {0};
        try (Pins pins = new Pins();
                CudaPins p = new CudaPins(context)) {
            check(MorulaCudaLibrary.morula_cuda_pack(
                    context.address(),
                    p.overwrite(panel),
                    error,
                    CpuKernels.descriptor(pins, layer),
                    pins.of(neurons),
                    neurons.columns(),
                    side.ordinal()));
        }
        return error[0];
    }

    @Override
    public double tileBound(double leftError, double rightError, long samples) {
        return MorulaCudaLibrary.morula_cuda_tile_bound(context.address(), leftError, rightError, samples);
    }

    @Override
    public long correlateTile(Matrix pairs, Matrix workspace, Tile tile, double cut) {
        long[] count = {0};
        try (Pins pins = new Pins();
                CudaPins p = new CudaPins(context)) {
            long[] descriptor = CpuKernels.descriptor(
                    tile,
                    p.read(tile.left().packed()),
                    p.readNullable(tile.negated()),
                    p.read(tile.right().packed()),
                    pins.ofNullable(tile.thresholds()));
            check(MorulaCudaLibrary.morula_cuda_correlate_tile(
                    context.address(),
                    pins.of(pairs),
                    count,
                    p.overwrite(workspace),
                    descriptor,
                    cut,
                    pairs.rows() * pairs.columns()));
        }
        return count[0];
    }

    @Override
    public Decision decide(Matrix pairs, Matrix values, long count, LayerView layer, Selection selection) {
        long[] counts = {count, 0};
        try (Matrix open = Matrix.allocate(ElementType.I64, 1, Math.max(1, count))) {
            try (Pins pins = new Pins()) {
                check(MorulaCudaLibrary.morula_cuda_decide(
                        context.address(),
                        pins.of(pairs),
                        pins.of(values),
                        pins.of(open),
                        counts,
                        CpuKernels.descriptor(pins, layer),
                        CpuKernels.descriptor(pins, selection)));
            }
            return counts[1] == 0
                    ? new Decision(counts[0], count, 0)
                    : withOpenPairs(pairs, values, counts[0], count, open, counts[1], layer, selection);
        }
    }

    /** Appends to the first {@code edges} pairs those of the open ones that the CPU's double-double finds to be edges. */
    private Decision withOpenPairs(
            Matrix pairs,
            Matrix values,
            long edges,
            long count,
            Matrix open,
            long openCount,
            LayerView layer,
            Selection selection) {
        try (Matrix openValues = Matrix.allocate(ElementType.F32, 1, openCount)) {
            Decision rest = host.decide(open, openValues, openCount, layer, selection);
            open.copyTo(0, pairs, edges, rest.edges());
            openValues.copyTo(0, values, edges, rest.edges());
            return new Decision(edges + rest.edges(), count - openCount + rest.inFloat64(), rest.inDoubleDouble());
        }
    }

    @Override
    public void product(Matrix out, Matrix left, Matrix right) {
        try (CudaPins p = new CudaPins(context)) {
            check(MorulaCudaLibrary.morula_cuda_product(
                    context.address(),
                    p.overwrite(out),
                    p.read(left),
                    p.read(right),
                    left.rows(),
                    right.rows(),
                    left.columns()));
        }
    }

    @Override
    public ScreenKernels screen() {
        return screen;
    }

    @Override
    public StrongestKernels strongest() {
        return host.strongest();
    }

    @Override
    public void correlationBlock(Matrix out, LayerView layer, Block block) {
        host.correlationBlock(out, layer, block);
    }

    // graph

    @Override
    public void csrCount(Matrix degrees, Matrix edges, long count) {
        host.csrCount(degrees, edges, count);
    }

    @Override
    public void csrFill(Matrix indices, Matrix values, Matrix rowNext, Matrix edges, Matrix edgeValues, long count) {
        host.csrFill(indices, values, rowNext, edges, edgeValues, count);
    }

    @Override
    public void csrSort(Matrix indices, Matrix values, Matrix rowStart, long firstRow, long rows) {
        host.csrSort(indices, values, rowStart, firstRow, rows);
    }

    @Override
    public void csrCountRows(Matrix degrees, Matrix edges, long count, CsrRows rows) {
        host.csrCountRows(degrees, edges, count, rows);
    }

    @Override
    public void csrFillRows(
            Matrix indices, Matrix values, Matrix rowNext, Matrix edges, Matrix edgeValues, long count, CsrRows rows) {
        host.csrFillRows(indices, values, rowNext, edges, edgeValues, count, rows);
    }

    // redundancy

    @Override
    public AlgebraKernels algebra() {
        return host.algebra();
    }

    @Override
    public ClassKernels classes() {
        return host.classes();
    }

    @Override
    public void close() {
        context.close();
        host.close();
    }
}
