package dev.morula.activations;

/** Which dimension of a matrix of activations comes first. */
public enum Layout {
    /** A row is one sample over all neurons, as PyTorch dumps a layer. */
    SAMPLES_FIRST,
    /** A row is one neuron over all samples. */
    NEURONS_FIRST;

    /** The layout of the transpose. */
    Layout transposed() {
        return this == SAMPLES_FIRST ? NEURONS_FIRST : SAMPLES_FIRST;
    }
}
