package dev.morula.activations;

import dev.morula.MorulaException;
import dev.morula.kernel.ElementType;
import dev.morula.kernel.Kernels;
import dev.morula.kernel.Matrix;
import dev.morula.kernel.MatrixAllocator;
import dev.morula.kernel.Workers;
import java.util.function.LongConsumer;

/** Two layers, or layers of two models, over the same samples. */
public final class LayerPair {
    private final Activations first;
    private final Activations second;

    private LayerPair(Activations first, Activations second) {
        this.first = first;
        this.second = second;
    }

    /** @throws MorulaException of kind INPUT that names both, if they do not have as many samples */
    public static LayerPair of(Activations first, Activations second) {
        if (first.samples() != second.samples()) {
            throw MorulaException.input(
                    "%s: has %,d samples, but %s has %,d; two layers are compared over the same samples",
                    second.name(), second.samples(), first.name(), first.samples());
        } else if (first.neurons() + second.neurons() >= Integer.MAX_VALUE) {
            throw MorulaException.input(
                    "%s and %s: have %,d neurons together; fewer than 2^31 can be compared",
                    first.name(), second.name(), first.neurons() + second.neurons());
        }
        return new LayerPair(first, second);
    }

    /** Neurons of both. */
    public long neurons() {
        return first.neurons() + second.neurons();
    }

    public long bytes() {
        return first.bytes() + second.bytes();
    }

    /**
     * The neurons of the first layer and behind them those of the second, x samples, in a type that holds the values of
     * both exactly. The caller closes it.
     *
     * @param progress is told, from any worker, how many bytes were read since it was last told
     */
    public Matrix neuronMajor(MatrixAllocator allocator, Kernels kernels, Workers workers, LongConsumer progress) {
        ElementType type = Widening.common(first.type(), second.type());
        Matrix both = allocator.allocate(type, neurons(), first.samples());
        try {
            first.gather(both.slice(0, first.neurons()), allocator, kernels, workers, progress);
            second.gather(both.slice(first.neurons(), second.neurons()), allocator, kernels, workers, progress);
            return both;
        } catch (RuntimeException | Error e) {
            both.close();
            throw e;
        }
    }
}
