package dev.morula.activations;

import dev.morula.kernel.Block;
import dev.morula.kernel.Kernels;
import dev.morula.kernel.LayerView;
import dev.morula.kernel.LayerView.Order;
import dev.morula.kernel.Matrix;
import dev.morula.kernel.Workers;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Copies the raw values of some neurons, neuron-major. */
public final class Excerpt {
    private static final int MOST_COLUMNS = 512; // turned at a time
    private static final int MOST_GAP = 16; // neurons not wanted that are read along: a cache line or less

    private Excerpt() {}

    /** Neurons x samples, in the layer's own type; cheapest for neurons side by side. The caller closes it. */
    public static Matrix values(LayerView layer, int[] neurons, Kernels kernels) {
        return values(layer, neurons, kernels, run -> run.forEach(Runnable::run));
    }

    /** The same by several threads. */
    public static Matrix values(LayerView layer, int[] neurons, Kernels kernels, Workers workers) {
        return values(
                layer,
                neurons,
                kernels,
                run -> workers.forEach(
                        run.size(), (part, worker) -> run.get((int) part).run()));
    }

    private static Matrix values(LayerView layer, int[] neurons, Kernels kernels, Consumer<List<Runnable>> executor) {
        Matrix values = Matrix.allocate(layer.values().type(), neurons.length, layer.samples());
        try {
            List<Runnable> copies = new ArrayList<>();
            for (int from = 0; from < neurons.length; ) {
                int first = from;
                int end = layer.order() == Order.NEURON_MAJOR ? from + 1 : endOfRun(neurons, from);
                copies.add(() -> copy(values, layer, neurons, first, end, kernels));
                from = end;
            }
            executor.accept(copies);
            return values;
        } catch (RuntimeException | Error e) {
            values.close();
            throw e;
        }
    }

    /** Where the run of neurons nearly side by side ends that begins at {@code from}. */
    private static int endOfRun(int[] neurons, int from) {
        int end = from + 1;
        while (end < neurons.length
                && neurons[end] > neurons[end - 1]
                && neurons[end] - neurons[end - 1] <= MOST_GAP
                && neurons[end] - neurons[from] < MOST_COLUMNS) {
            end++;
        }
        return end;
    }

    private static void copy(Matrix values, LayerView layer, int[] neurons, int from, int end, Kernels kernels) {
        Matrix source = layer.values();
        long samples = layer.samples();
        if (layer.order() == Order.NEURON_MAJOR) {
            source.copyTo(neurons[from] * samples, values, from * samples, samples);
            return;
        }
        int first = neurons[from];
        int columns = neurons[end - 1] - first + 1;
        boolean gapless = columns == end - from;
        Matrix target = gapless ? values.slice(from, columns) : Matrix.allocate(source.type(), columns, samples);
        kernels.transposeBlock(target, source, new Block(0, samples, first, columns));
        if (!gapless) {
            try (target) {
                for (int i = from; i < end; i++) {
                    target.copyTo((neurons[i] - first) * samples, values, i * samples, samples);
                }
            }
        }
    }
}
