package dev.morula.train;

import dev.morula.kernel.Kernels;
import dev.morula.kernel.Workers;
import dev.morula.network.Shape;

/**
 * Where an operation works.
 *
 * @param scratch memory for tasks
 * @param batch the most samples that come at a time
 * @param input the shape of a sample of its input
 * @param isFirst whether nothing asks for the gradient of its input
 */
record Site(Kernels kernels, Workers workers, Scratch scratch, long batch, Shape input, boolean isFirst) {
    /** The same place for another input, of which the gradient is wanted unless {@code first}. */
    Site with(Shape shape, boolean first) {
        return new Site(kernels, workers, scratch, batch, shape, first);
    }

    /** Samples in a matrix of the input. */
    long samples(long rows) {
        return rows / input.positions();
    }
}
