package dev.morula.kernel;

/**
 * A layer: raw activations, with one row of {@link Kernels#MOMENTS} moments (F64) a neuron.
 *
 * @param values neurons x samples, or samples x neurons
 * @param order which of the two; kernels take {@link Order#NEURON_MAJOR} unless they say otherwise
 */
public record LayerView(Matrix values, Matrix moments, Order order) {
    /** What a row of the values is. */
    public enum Order {
        NEURON_MAJOR,
        SAMPLE_MAJOR
    }

    /** A layer of neurons x samples. */
    public LayerView(Matrix values, Matrix moments) {
        this(values, moments, Order.NEURON_MAJOR);
    }

    public long neurons() {
        return order == Order.NEURON_MAJOR ? values.rows() : values.columns();
    }

    public long samples() {
        return order == Order.NEURON_MAJOR ? values.columns() : values.rows();
    }
}
