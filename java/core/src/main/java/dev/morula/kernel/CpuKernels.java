package dev.morula.kernel;

import static dev.morula.kernel.Natives.check;

/** Forwards to the CPU library. */
final class CpuKernels implements Kernels {
    private final ScreenKernels screen = new CpuScreenKernels(this);
    private final ProductKernels products = new CpuProductKernels(this);
    private final LayerKernels layers = new CpuLayerKernels(this);
    private final LossKernels losses = new CpuLossKernels(this);
    private final OptimizerKernels optimizers = new CpuOptimizerKernels(this);
    private final SampleKernels samples = new CpuSampleKernels(this);
    private final StrongestKernels strongest = new CpuStrongestKernels(this);
    private final AlgebraKernels algebra = new CpuAlgebraKernels(this);
    private final ClassKernels classes = new CpuClassKernels(this);
    private volatile long context; // 0 once closed

    CpuKernels(int tier) {
        Natives.require();
        long[] created = {0};
        check(MorulaLibrary.morula_context_create(created, tier));
        context = created[0];
    }

    long context() {
        if (context == 0) {
            throw new IllegalStateException("these kernels were closed");
        }
        return context;
    }

    @Override
    public String device() {
        return "cpu";
    }

    @Override
    public Tier tier() {
        return Tier.values()[MorulaLibrary.morula_context_tier(context())];
    }

    @Override
    public boolean computesWholeOperations() {
        return false;
    }

    @Override
    public Repetition repetition(int parts) {
        return Repetition.PLAIN;
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
        new Block(block.firstColumn(), block.columns(), firstSample, block.rows()).requireInside(out);
        transposeTo(out, block.firstColumn() * out.columns() + firstSample, in, block);
    }

    @Override
    public void transposeBlock(Matrix out, Matrix in, Block block) {
        Block.whole(block.columns(), block.rows()).requireInside(out);
        transposeTo(out, 0, in, block);
    }

    private void transposeTo(Matrix out, long element, Matrix in, Block block) {
        block.requireInside(in);
        if (out.type() != in.type()) {
            throw new IllegalArgumentException(in.type() + " cannot become " + out.type());
        }
        int bytes = in.type().bytes();
        long[] descriptor = {block.rows(), block.columns(), in.columns(), out.columns(), bytes};
        try (Pins pins = new Pins()) {
            long to = pins.of(out) + element * bytes;
            long from = pins.of(in) + (block.firstRow() * in.columns() + block.firstColumn()) * bytes;
            check(MorulaLibrary.morula_transpose(context(), to, from, descriptor));
        }
    }

    // standardise and correlate

    static long[] descriptor(Pins pins, LayerView layer) {
        Matrix values = layer.values();
        return new long[] {
            pins.of(values),
            pins.of(layer.moments()),
            values.type().code(),
            layer.neurons(),
            layer.samples(),
            layer.order().ordinal()
        };
    }

    static long[] descriptor(Tile tile, long left, long negated, long right, long thresholds) {
        return new long[] {
            left,
            negated,
            right,
            tile.left().position(),
            tile.left().rows(),
            tile.right().position(),
            tile.right().rows(),
            tile.samples(),
            tile.sign().ordinal(),
            thresholds
        };
    }

    static long[] descriptor(Pins pins, Selection selection) {
        return new long[] {
            pins.of(selection.neurons()),
            Double.doubleToRawLongBits(selection.threshold()),
            selection.sign().ordinal()
        };
    }

    @Override
    public void moments(Matrix moments, Matrix values, Metric metric) {
        try (Pins pins = new Pins()) {
            check(MorulaLibrary.morula_moments_of(
                    context(),
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
        if (ranks.rows() != values.rows() || ranks.columns() != values.columns()) {
            throw new IllegalArgumentException("ranks and values must have one shape");
        }
        try (Pins pins = new Pins()) {
            check(MorulaLibrary.morula_rank(
                    context(),
                    pins.of(ranks),
                    ranks.type().code(),
                    pins.of(values),
                    values.type().code(),
                    values.rows(),
                    values.columns()));
        }
    }

    @Override
    public void columnMoments(Matrix moments, LayerView layer, long first, Metric metric) {
        try (Pins pins = new Pins()) {
            check(MorulaLibrary.morula_column_moments(
                    context(), pins.of(moments), descriptor(pins, layer), first, moments.rows(), metric.ordinal()));
        }
    }

    @Override
    public void standardise(Matrix means, LayerView layer, Matrix members, long size) {
        try (Pins pins = new Pins()) {
            check(MorulaLibrary.morula_standardise(
                    context(), pins.of(means), descriptor(pins, layer), pins.of(members), members.columns(), size));
        }
    }

    @Override
    public PanelSizes panelSizes() {
        long[] sizes = {0, 0, 0};
        MorulaLibrary.morula_panel_rows(context(), sizes);
        return new PanelSizes(sizes[0], sizes[1], sizes[2]);
    }

    @Override
    public long packedBytes(Side side, long rows, long samples) {
        return MorulaLibrary.morula_packed_bytes(context(), side.ordinal(), rows, samples);
    }

    @Override
    public long tileWorkspaceBytes() {
        return MorulaLibrary.morula_tile_workspace_bytes(context());
    }

    @Override
    public double pack(Matrix panel, LayerView layer, Matrix neurons, Side side) {
        double[] error = {0};
        try (Pins pins = new Pins()) {
            check(MorulaLibrary.morula_pack(
                    context(),
                    pins.of(panel),
                    error,
                    descriptor(pins, layer),
                    pins.of(neurons),
                    neurons.columns(),
                    side.ordinal()));
        }
        return error[0];
    }

    @Override
    public double tileBound(double leftError, double rightError, long samples) {
        return MorulaLibrary.morula_tile_bound(context(), leftError, rightError, samples);
    }

    @Override
    public long correlateTile(Matrix pairs, Matrix workspace, Tile tile, double cut) {
        long[] count = {0};
        try (Pins pins = new Pins()) {
            long[] descriptor = descriptor(
                    tile,
                    pins.of(tile.left().packed()),
                    pins.ofNullable(tile.negated()),
                    pins.of(tile.right().packed()),
                    pins.ofNullable(tile.thresholds()));
            check(MorulaLibrary.morula_correlate_tile(
                    context(),
                    pins.of(pairs),
                    count,
                    pins.of(workspace),
                    descriptor,
                    cut,
                    pairs.rows() * pairs.columns()));
        }
        return count[0];
    }

    @Override
    public Decision decide(Matrix pairs, Matrix values, long count, LayerView layer, Selection selection) {
        long[] edges = {count};
        long[] decided = {0, 0};
        try (Pins pins = new Pins()) {
            check(MorulaLibrary.morula_correlate_decide(
                    context(),
                    pins.of(pairs),
                    pins.of(values),
                    edges,
                    decided,
                    descriptor(pins, layer),
                    descriptor(pins, selection)));
        }
        return new Decision(edges[0], decided[0], decided[1]);
    }

    @Override
    public void product(Matrix out, Matrix left, Matrix right) {
        try (Pins pins = new Pins()) {
            check(MorulaLibrary.morula_product(
                    context(), pins.of(out), pins.of(left), pins.of(right), left.rows(), right.rows(), left.columns()));
        }
    }

    @Override
    public ScreenKernels screen() {
        return screen;
    }

    @Override
    public StrongestKernels strongest() {
        return strongest;
    }

    @Override
    public void correlationBlock(Matrix out, LayerView layer, Block block) {
        block.requireInside(out);
        if (out.type() != ElementType.F32 || out.rows() != layer.neurons() || out.columns() != layer.neurons()) {
            throw new IllegalArgumentException("the matrix of correlations is neurons x neurons F32");
        }
        try (Pins pins = new Pins()) {
            check(MorulaLibrary.morula_correlation_block(
                    context(), pins.of(out), descriptor(pins, layer), block.descriptor()));
        }
    }

    // graph

    @Override
    public void csrCount(Matrix degrees, Matrix edges, long count) {
        try (Pins pins = new Pins()) {
            check(MorulaLibrary.morula_csr_count(context(), pins.of(degrees), pins.of(edges), count));
        }
    }

    @Override
    public void csrFill(Matrix indices, Matrix values, Matrix rowNext, Matrix edges, Matrix edgeValues, long count) {
        try (Pins pins = new Pins()) {
            check(MorulaLibrary.morula_csr_fill(
                    context(),
                    pins.of(indices),
                    pins.of(values),
                    pins.of(rowNext),
                    pins.of(edges),
                    pins.of(edgeValues),
                    count));
        }
    }

    @Override
    public void csrSort(Matrix indices, Matrix values, Matrix rowStart, long firstRow, long rows) {
        try (Pins pins = new Pins()) {
            check(MorulaLibrary.morula_csr_sort(
                    context(), pins.of(indices), pins.of(values), pins.of(rowStart), firstRow, rows));
        }
    }

    @Override
    public void csrCountRows(Matrix degrees, Matrix edges, long count, CsrRows rows) {
        try (Pins pins = new Pins()) {
            check(MorulaLibrary.morula_csr_count_rows(
                    context(), pins.of(degrees), pins.of(edges), count, struct(rows)));
        }
    }

    @Override
    public void csrFillRows(
            Matrix indices, Matrix values, Matrix rowNext, Matrix edges, Matrix edgeValues, long count, CsrRows rows) {
        try (Pins pins = new Pins()) {
            check(MorulaLibrary.morula_csr_fill_rows(
                    context(),
                    pins.of(indices),
                    pins.of(values),
                    pins.of(rowNext),
                    pins.of(edges),
                    pins.of(edgeValues),
                    count,
                    struct(rows)));
        }
    }

    private static long[] struct(CsrRows rows) {
        return new long[] {
            rows.first(), rows.count(), rows.neurons(), rows.ends().ordinal()
        };
    }

    // redundancy

    @Override
    public AlgebraKernels algebra() {
        return algebra;
    }

    @Override
    public ClassKernels classes() {
        return classes;
    }

    @Override
    public void close() {
        if (context != 0) {
            MorulaLibrary.morula_context_destroy(context);
            context = 0;
        }
    }
}
