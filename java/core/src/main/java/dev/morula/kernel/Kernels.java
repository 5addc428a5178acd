package dev.morula.kernel;

/**
 * The compute kernels of one device, as the stages call them: one call is one tile or one layer of a batch. Arguments
 * come in the order outputs, inputs, sizes. Instances may be used from many threads at once.
 */
public sealed interface Kernels extends AutoCloseable permits CpuKernels, CudaKernels {

    /** The kernels of the best CPU tier that this machine offers and MORULA_TIER allows. */
    static Kernels cpu() {
        return new CpuKernels(-1);
    }

    /** The kernels of the given CPU tier; fails if this machine or MORULA_TIER does not allow it. */
    static Kernels cpu(Tier tier) {
        return new CpuKernels(tier.ordinal());
    }

    /**
     * The kernels of the GPU with that index, which keep copies of matrices in at most {@code memory} bytes of its memory, or
     * in what is free for 0; of kind UNAVAILABLE if it cannot be had.
     */
    static Kernels cuda(int device, long memory) {
        return new CudaKernels(device, memory);
    }

    /** What computes: {@code cpu}, or the name of a GPU. */
    String device();

    /** The CPU tier in use, for what is not computed on another device. */
    Tier tier();

    /**
     * Whether a call should be given a whole operation, as a GPU spreads it over its processors itself, rather than a block
     * for each thread.
     */
    boolean computesWholeOperations();

    /** For calls that are made again and again, in {@code parts} a round. */
    Repetition repetition(int parts);

    // train

    /** The layers of networks that are products with a weight. */
    ProductKernels products();

    /** The layers between them. */
    LayerKernels layers();

    /** The losses. */
    LossKernels losses();

    /** The optimisers' steps. */
    OptimizerKernels optimizers();

    /** What brings samples into a batch. */
    SampleKernels samples();

    // activations

    /**
     * Transposes {@code block} of {@code in} (samples x neurons) into {@code out} (neurons x samples, same type): {@code
     * out[c, firstSample + r] = in[block.firstRow() + r, c]} for the columns c of the block.
     */
    void transpose(Matrix out, long firstSample, Matrix in, Block block);

    /** The same into a matrix of the block's columns alone: {@code out[c, r] = in[firstRow + r, firstColumn + c]}. */
    void transposeBlock(Matrix out, Matrix in, Block block);

    // standardise

    /**
     * Moments of every neuron of {@code values} (neurons x samples, any floating type) into {@code moments} (F64, neurons
     * x {@link #MOMENTS}; the fields are those of {@code morula_moments} in morula.h). SPEARMAN has none: {@link #rank}
     * the values and take the PEARSON moments of the ranks.
     */
    void moments(Matrix moments, Matrix values, Metric metric);

    /**
     * Ranks of every neuron of {@code values} (neurons x samples, any floating type) over the samples into {@code ranks}
     * (of the same shape; F32 for up to 2^24 + 1 samples, or F64): 2 rank - (samples + 1), an integer, with rank from 1 to
     * samples, ties averaged and -0 equal to +0. A row with a NaN or an infinity becomes a row of NaN.
     */
    void rank(Matrix ranks, Matrix values);

    /**
     * Moments of the neurons from {@code first} on, one a row of {@code moments}, of a sample-major layer of 2- or 4-byte
     * elements whose own moments are not read.
     */
    void columnMoments(Matrix moments, LayerView layer, long first, Metric metric);

    /**
     * Standardised rows into {@code means} (F32, groups x samples): row g is the mean of the standardised rows of neurons
     * {@code members[g * size]} up to {@code members[(g + 1) * size - 1]}; the last group may be smaller.
     */
    void standardise(Matrix means, LayerView layer, Matrix members, long size);

    // correlate

    /** The panel sizes that suit this device. */
    PanelSizes panelSizes();

    /** Bytes of a packed panel. */
    long packedBytes(Side side, long rows, long samples);

    /** Bytes of the workspace that a tile needs; one a thread. */
    long tileWorkspaceBytes();

    /**
     * Packs the standardised rows of {@code neurons} (I32, 1 x rows) into {@code panel}, as the tile product wants them on
     * that side. Returns the largest norm of a packed row minus the real one, rounded up.
     */
    double pack(Matrix panel, LayerView layer, Matrix neurons, Side side);

    /** Bound on the difference between a product as {@link #correlateTile} computes it and the real correlation. */
    double tileBound(double leftError, double rightError, long samples);

    /**
     * Lists the pairs of a tile whose product passes {@code cut}, as left position * 2^32 + right position, into
     * {@code pairs} (I64), and returns how many. {@code pairs} must have room for as many as the tile can have,
     * and for twice as many with a negated panel.
     */
    long correlateTile(Matrix pairs, Matrix workspace, Tile tile, double cut);

    /**
     * Decides the first {@code count} of {@code pairs} exactly and keeps the edges, as smaller neuron * 2^32 + larger
     * neuron, with their correlations in {@code values} (F32).
     */
    Decision decide(Matrix pairs, Matrix values, long count, LayerView layer, Selection selection);

    /** {@code out} (m x n) = {@code left} (m x k) times the transpose of {@code right} (n x k); all F32. */
    void product(Matrix out, Matrix left, Matrix right);

    /** The kernels that rule pairs out by products of few numbers, and refine those they leave. */
    ScreenKernels screen();

    /** The kernels that keep the strongest partners of each neuron. */
    StrongestKernels strongest();

    /**
     * Computes {@code block} of the matrix of all correlations, {@code out} (neurons x neurons, F32), and its mirror image:
     * within 1e-7 of the real ones, 1 on the diagonal, NaN in rows and columns of neurons that have no correlation. Takes
     * 8 bytes for each element of the block and 4 kB for each of its rows and columns.
     */
    void correlationBlock(Matrix out, LayerView layer, Block block);

    // graph

    /** Adds one to {@code degrees} (I64, 1 x neurons) for each end of the first {@code count} edges. */
    void csrCount(Matrix degrees, Matrix edges, long count);

    /** Puts edges into rows; {@code rowNext} (I64) holds where each row's next entry goes and moves on. */
    void csrFill(Matrix indices, Matrix values, Matrix rowNext, Matrix edges, Matrix edgeValues, long count);

    /** Sorts the entries of {@code rows} rows from {@code firstRow} on by neuron. */
    void csrSort(Matrix indices, Matrix values, Matrix rowStart, long firstRow, long rows);

    /**
     * Adds one to {@code degrees} (I64, 1 x neurons) for each end that is stored of the first {@code count} edges, whose
     * smaller neurons must be among {@code rows}: of kind INTERNAL if one is not. Threads may share {@code degrees}.
     */
    void csrCountRows(Matrix degrees, Matrix edges, long count, CsrRows rows);

    /**
     * Puts those ends of edges that lie in {@code rows} where {@code rowNext} (I64, one a row of {@code rows}) says, which
     * moves on. Threads may share the first three matrices; the order within a row is then any.
     */
    void csrFillRows(
            Matrix indices, Matrix values, Matrix rowNext, Matrix edges, Matrix edgeValues, long count, CsrRows rows);

    /** The rows in which an edge is stored. */
    enum Ends {
        BOTH,
        SMALLER
    }

    /** {@code count} rows from {@code first} on of a graph of so many neurons, and which ends of its edges it stores. */
    record CsrRows(long first, long count, long neurons, Ends ends) {}

    // redundancy

    /** Dense linear algebra in float64. */
    AlgebraKernels algebra();

    /** What samples of one class have in common. */
    ClassKernels classes();

    /** Fields a neuron has in a matrix of moments. */
    int MOMENTS = 8;

    /** The side of a tile that a panel is packed for. */
    enum Side {
        LEFT,
        RIGHT
    }

    /**
     * Panel sizes of a device.
     *
     * @param left the most rows of a left panel
     * @param right the most rows of a right panel
     * @param leftPanels how many packed left panels are worth keeping at hand for each right one
     */
    record PanelSizes(long left, long right, long leftPanels) {}

    /**
     * Two packed panels and the positions of their rows among the neurons being correlated.
     *
     * @param left the left panel
     * @param negated null, or a panel of other rows for the same positions: a pair passes if either product does
     * @param thresholds null, or one a position (F64): a pair's cut is then the lesser of its two plus the cut given
     */
    record Tile(Panel left, Matrix negated, Panel right, long samples, Sign sign, Matrix thresholds) {
        public Tile(Panel left, Panel right, long samples, Sign sign) {
            this(left, null, right, samples, sign, null);
        }
    }

    /** A packed panel of {@code rows} neurons, the first of which has position {@code position}. */
    record Panel(Matrix packed, long position, long rows, double error) {}

    /** The neurons being correlated (I32, 1 x count) and what makes a pair of them an edge. */
    record Selection(Matrix neurons, double threshold, Sign sign) {}

    /** How many pairs are edges, and how many pairs it took which arithmetic to decide. */
    record Decision(long edges, long inFloat64, long inDoubleDouble) {}

    @Override
    void close();
}
