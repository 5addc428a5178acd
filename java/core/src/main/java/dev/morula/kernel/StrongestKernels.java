package dev.morula.kernel;

/**
 * Kernels that keep the strongest partners of each neuron: ordered by correlation, or its absolute value, then by index.
 * Correlations come with an error; which of two partners is stronger is decided by the real ones wherever it matters.
 */
public interface StrongestKernels {
    /** Bytes of a partner: its index and the correlation. */
    int PARTNER_BYTES = Integer.BYTES + Float.BYTES;

    /**
     * Partners that may be among the strongest of their neuron.
     *
     * @param partners I64, neurons x more than {@code most}, or x all partners that there can be
     * @param counts I32, 1 x neurons: how many each neuron has
     * @param least F32, 1 x neurons: a partner below that is not among the strongest; minus infinity until as many are known
     * @param most how many of each neuron are wanted
     * @param sign whether correlations or their absolute values are compared
     * @param error what the correlations that are added may be off
     */
    record Partners(Matrix partners, Matrix counts, Matrix least, long most, Sign sign, double error) {}

    /** The neurons that a call works for; calls for different ones may run at the same time. */
    record Rows(long first, long count) {}

    /** How many correlations it took which arithmetic to tell partners apart. */
    record Compared(long inFloat64, long inDoubleDouble) {}

    /**
     * Takes the first {@code count} pairs (I64, neuron * 2^32 + neuron, no pair twice in a lifetime) with their correlations
     * (F32), for those of their ends that are among {@code rows}.
     */
    Compared add(Partners partners, Rows rows, LayerView layer, Matrix pairs, Matrix values, long count);

    /** Leaves each neuron its strongest partners, in ascending order of their indices. */
    Compared settle(Partners partners, Rows rows, LayerView layer);

    /** Copies the partners of each neuron to {@code indices} (I32) and {@code values} (F32), from {@code rowStart} (I64) on. */
    void collect(Matrix indices, Matrix values, Matrix rowStart, Partners partners, Rows rows);
}
