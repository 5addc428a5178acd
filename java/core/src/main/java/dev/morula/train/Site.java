package dev.morula.train;

import dev.morula.kernel.Kernels;
import dev.morula.kernel.Workers;
import dev.morula.network.Concatenation;
import dev.morula.network.Layer;
import dev.morula.network.Residual;
import dev.morula.network.Sequence;
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
    /** Where the operation after {@code layer}, which works here, does so. */
    Site after(Layer layer) {
        boolean stillFirst = isFirst && layer.parameters(input).isEmpty() && !holdsLayers(layer);
        return new Site(kernels, workers, scratch, batch, layer.output(input), stillFirst);
    }

    /** Where an operation works whose input is of {@code shape}. */
    Site at(Shape shape) {
        return new Site(kernels, workers, scratch, batch, shape, isFirst);
    }

    private static boolean holdsLayers(Layer layer) {
        return layer instanceof Sequence || layer instanceof Residual || layer instanceof Concatenation;
    }

    /** Samples in a matrix of the input. */
    long samples(long rows) {
        return rows / input.positions();
    }
}
