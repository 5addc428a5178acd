package dev.morula.kernel;

/**
 * Forwards to the GPU library what that has kernels for, and the rest to the CPU's: matrices are copied to whichever side
 * wants them.
 */
final class CudaKernels implements Kernels {
    private final CpuKernels host = new CpuKernels(-1);
    private final CudaContext context;
    private final ProductKernels products;
    private final LayerKernels layers;
    private final LossKernels losses;
    private final OptimizerKernels optimizers;
    private final SampleKernels samples;

    CudaKernels(int device, long memory) {
        CudaDevices.require();
        context = new CudaContext(device, memory);
        products = new CudaProductKernels(context, host.products());
        layers = new CudaLayerKernels(context);
        losses = new CudaLossKernels(context);
        optimizers = new CudaOptimizerKernels(context);
        samples = new CudaSampleKernels(context, host.samples());
    }

    /** The device's memory and what is in it. */
    CudaContext context() {
        return context;
    }

    @Override
    public Tier tier() {
        return host.tier();
    }

    @Override
    public boolean computesWholeOperations() {
        return true;
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
        host.moments(moments, values, metric);
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
        return host.panelSizes();
    }

    @Override
    public long packedBytes(Side side, long rows, long samples) {
        return host.packedBytes(side, rows, samples);
    }

    @Override
    public long tileWorkspaceBytes() {
        return host.tileWorkspaceBytes();
    }

    @Override
    public double pack(Matrix panel, LayerView layer, Matrix neurons, Side side) {
        return host.pack(panel, layer, neurons, side);
    }

    @Override
    public double tileBound(double leftError, double rightError, long samples) {
        return host.tileBound(leftError, rightError, samples);
    }

    @Override
    public long correlateTile(Matrix pairs, Matrix workspace, Tile tile, double cut) {
        return host.correlateTile(pairs, workspace, tile, cut);
    }

    @Override
    public Decision decide(Matrix pairs, Matrix values, long count, LayerView layer, Selection selection) {
        return host.decide(pairs, values, count, layer, selection);
    }

    @Override
    public void product(Matrix out, Matrix left, Matrix right) {
        host.product(out, left, right);
    }

    @Override
    public ScreenKernels screen() {
        return host.screen();
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
