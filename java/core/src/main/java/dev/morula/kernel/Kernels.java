package dev.morula.kernel;

/**
 * The compute kernels of one device, as the stages call them: one call is one tile or one layer of a batch. Arguments
 * come in the order outputs, inputs, sizes. Instances may be used from many threads at once.
 */
public sealed interface Kernels extends AutoCloseable permits CpuKernels {

    /** The kernels of the best CPU tier that this machine offers and MORULA_TIER allows. */
    static Kernels cpu() {
        return new CpuKernels(-1);
    }

    /** The kernels of the given CPU tier; fails if this machine or MORULA_TIER does not allow it. */
    static Kernels cpu(Tier tier) {
        return new CpuKernels(tier.ordinal());
    }

    /** The CPU tier in use. */
    Tier tier();

    // activations

    /**
     * Transposes {@code block} of {@code in} (samples x neurons) into {@code out} (neurons x samples, same type): {@code
     * out[c, firstSample + r] = in[block.row() + r, c]} for the columns c of the block.
     */
    void transpose(Matrix out, long firstSample, Matrix in, Block block);

    @Override
    void close();
}
