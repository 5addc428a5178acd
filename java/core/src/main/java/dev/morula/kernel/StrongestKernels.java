package dev.morula.kernel;

/**
 * Kernels that keep the strongest partners of each neuron: ordered by correlation, or its absolute value, then by index.
 * Correlations come with an error; which of two partners is stronger is decided by the raw values wherever it matters.
 */
public interface StrongestKernels {
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

    /** How far {@link #add} came: the first pair that it did not take, and the neuron that was full; -1 for none. */
    record Added(long next, long full) {}

    /** How many correlations it took which arithmetic to tell partners apart. */
    record Compared(long inFloat64, long inDoubleDouble) {}

    /**
     * Takes pairs {@code next} to {@code count - 1} (I64, neuron * 2^32 + neuron, no pair twice) with their correlations
     * (F32), for those of their ends that are among {@code rows}; stops where a neuron is full.
     */
    Added add(Partners partners, Rows rows, Matrix pairs, Matrix values, long next, long count);

    /** Those partners of a neuron of which only the raw values can tell which are among its strongest. */
    int[] contenders(Partners partners, long neuron);

    /**
     * Leaves {@code neuron} its strongest partners.
     *
     * @param layer neuron-major, with {@code neurons} as its rows
     * @param neurons ascending, the neuron and its {@link #contenders} among them; null for all
     */
    Compared decide(Partners partners, long neuron, LayerView layer, int[] neurons);

    /**
     * Copies the partners of each neuron, by ascending index, to {@code indices} (I32) and {@code values} (F32), from
     * {@code rowStart} (I64) on.
     */
    void collect(Matrix indices, Matrix values, Matrix rowStart, Partners partners, Rows rows);
}
