package dev.morula.correlate;

import dev.morula.kernel.Kernels;
import dev.morula.kernel.LayerView.Order;
import dev.morula.kernel.StrongestKernels.Compared;
import dev.morula.kernel.StrongestKernels.Partners;
import dev.morula.kernel.Workers;
import dev.morula.standardise.StandardisedLayer;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Neurons of which only the raw values can tell who their strongest partners are. Reading one neuron of a sample-major
 * layer touches a cache line of every sample, so neurons with the same contenders are decided together.
 */
final class Contests {
    private static final long BATCH_BYTES = 8L << 20; // of raw values, a thread

    private final StandardisedLayer layer;
    private final Partners partners;
    private final Kernels kernels;
    private final Workers workers;
    private final AtomicLong inFloat64 = new AtomicLong();
    private final AtomicLong inDoubleDouble = new AtomicLong();

    Contests(StandardisedLayer layer, Partners partners, Kernels kernels, Workers workers) {
        this.layer = layer;
        this.partners = partners;
        this.kernels = kernels;
        this.workers = workers;
    }

    /** Leaves {@code neuron} its strongest partners. */
    void decide(int neuron) {
        decide(new Batch(List.of(neuron), sorted(contendersOf(neuron))));
    }

    /** Leaves each of {@code neurons} its strongest partners; best with neurons alike side by side. */
    void decide(int[] neurons) {
        List<Batch> batches = batches(neurons);
        workers.forEach(batches.size(), (part, worker) -> decide(batches.get((int) part)));
    }

    /** Some neurons, and all that are needed to decide on them, ascending; null for the whole layer. */
    private record Batch(List<Integer> decided, int[] needed) {}

    private List<Batch> batches(int[] neurons) {
        long rowBytes = layer.samples() * layer.view().values().type().bytes();
        List<Batch> batches = new ArrayList<>();
        List<Integer> decided = new ArrayList<>();
        TreeSet<Integer> needed = new TreeSet<>();
        for (int neuron : neurons) {
            decided.add(neuron);
            needed.addAll(contendersOf(neuron));
            if (needed.size() * rowBytes >= BATCH_BYTES) {
                batches.add(new Batch(decided, sorted(needed)));
                decided = new ArrayList<>();
                needed = new TreeSet<>();
            }
        }
        if (!decided.isEmpty()) {
            batches.add(new Batch(decided, sorted(needed)));
        }
        return batches;
    }

    /** The neuron itself, too. */
    private TreeSet<Integer> contendersOf(int neuron) {
        TreeSet<Integer> contenders = new TreeSet<>(List.of(neuron));
        for (int contender : kernels.strongest().contenders(partners, neuron)) {
            contenders.add(contender);
        }
        return contenders;
    }

    private static int[] sorted(TreeSet<Integer> neurons) {
        return neurons.stream().mapToInt(Integer::intValue).toArray();
    }

    private void decide(Batch batch) {
        if (layer.view().order() == Order.NEURON_MAJOR) {
            decide(batch.decided, layer, null);
            return;
        }
        try (StandardisedLayer excerpt = layer.excerpt(batch.needed, kernels)) {
            decide(batch.decided, excerpt, batch.needed);
        }
    }

    private void decide(List<Integer> decided, StandardisedLayer rows, int[] neurons) {
        for (int neuron : decided) {
            Compared compared = kernels.strongest().decide(partners, neuron, rows.view(), neurons);
            inFloat64.addAndGet(compared.inFloat64());
            inDoubleDouble.addAndGet(compared.inDoubleDouble());
        }
    }

    /** Correlations that had to be computed in float64 to tell partners apart. */
    long inFloat64() {
        return inFloat64.get();
    }

    long inDoubleDouble() {
        return inDoubleDouble.get();
    }
}
