package dev.morula.kernel;

/** A layer: raw activations, neurons x samples, with one row of {@link Kernels#MOMENTS} moments (F64) a neuron. */
public record LayerView(Matrix values, Matrix moments) {
    public long neurons() {
        return values.rows();
    }

    public long samples() {
        return values.columns();
    }
}
