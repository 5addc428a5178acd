package dev.morula.train;

import dev.morula.kernel.Matrix;

/** Takes recorded activations, batch by batch, in the order of the samples. */
@FunctionalInterface
public interface ActivationSink {
    /**
     * Takes the activations of the samples from {@code firstSample} on.
     *
     * @param block samples x neurons, F32; valid during this call only
     */
    void accept(long firstSample, Matrix block);
}
