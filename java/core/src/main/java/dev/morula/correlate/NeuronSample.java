package dev.morula.correlate;

import dev.morula.kernel.Kernels;
import dev.morula.kernel.Workers;
import dev.morula.standardise.StandardisedLayer;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * Some neurons of a layer, in random contiguous blocks, since neurons side by side are cheap to read where samples come
 * first.
 *
 * @param layer a copy of them: first those that directions are taken from, then others, whose pairs show how well the
 *     directions rule pairs out; directions know the neurons they were taken from better than others
 * @param basis how many the directions are taken from
 * @param left how many of the others are on the left of pairs; the rest is on the right
 */
record NeuronSample(StandardisedLayer layer, int basis, int left) implements AutoCloseable {
    private static final int BLOCK = 32;
    private static final int MOST = 1024 + 256 + 512;
    private static final int FEW = MOST / 2; // of layers that are done before more would pay
    private static final int NARROW = 1 << 16; // neurons of such a layer
    private static final long SEED = 1; // any will do; a fixed one makes a plan repeatable

    /** A sample of {@code neurons} of the layer, of which there are at least 8; half of them at most. */
    static NeuronSample of(StandardisedLayer layer, int[] neurons, Kernels kernels, Workers workers) {
        return ofAll(layer, choose(neurons), kernels, workers);
    }

    /** All the given neurons as a sample. */
    static NeuronSample ofAll(StandardisedLayer layer, int[] neurons, Kernels kernels, Workers workers) {
        return new NeuronSample(layer.excerpt(neurons, kernels, workers), neurons.length * 4 / 7, neurons.length / 7);
    }

    /** Some of {@code neurons}, half of them at most. */
    static int[] choose(int[] neurons) {
        int wanted = Math.min(neurons.length < NARROW ? FEW : MOST, neurons.length / 2);
        int block = Math.max(1, Math.min(BLOCK, wanted / 16));
        int[] starts = new Random(SEED)
                .ints(0, neurons.length / block)
                .distinct()
                .limit(wanted / block)
                .toArray();
        return Arrays.stream(starts)
                .flatMap(start -> IntStream.range(start * block, (start + 1) * block))
                .map(i -> neurons[i])
                .toArray();
    }

    int right() {
        return layer.neurons() - basis - left;
    }

    @Override
    public void close() {
        layer.close();
    }
}
