package dev.morula.correlate;

import dev.morula.kernel.Matrix;

/** Takes edges as they are found, in no particular order. Threads may add at the same time. */
@FunctionalInterface
public interface EdgeSink {
    /**
     * Takes the first {@code count} edges of {@code pairs} (I64, smaller neuron * 2^32 + larger neuron) and {@code values}
     * (F32), whose memory is used again afterwards; or none of them, and says so by false, which ends the run.
     */
    boolean add(Matrix pairs, Matrix values, long count);
}
