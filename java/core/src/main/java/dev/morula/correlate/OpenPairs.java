package dev.morula.correlate;

import dev.morula.kernel.ElementType;
import dev.morula.kernel.Kernels;
import dev.morula.kernel.Kernels.Decision;
import dev.morula.kernel.Kernels.Selection;
import dev.morula.kernel.Matrix;
import dev.morula.kernel.Workers;
import dev.morula.standardise.StandardisedLayer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import java.util.function.Consumer;

/**
 * Pairs of a sample-major layer that only their raw values can decide. Reading one neuron of such a layer touches a cache
 * line of every sample, so pairs wait until all are known, and are decided in batches of few neurons.
 */
final class OpenPairs {
    private static final long BATCH_BYTES = 1L << 20; // of raw values, a thread
    private static final int BATCH_PAIRS = 1 << 12;

    private final StandardisedLayer layer;
    private final Selection selection;
    private final Kernels kernels;
    private final List<long[]> waiting = new ArrayList<>();

    /** {@code selection}: its threshold and sign count, its neurons do not. */
    OpenPairs(StandardisedLayer layer, Selection selection, Kernels kernels) {
        this.layer = layer;
        this.selection = selection;
        this.kernels = kernels;
    }

    /** Bytes that deciding takes a thread. */
    static long bytes(long samples, ElementType type) {
        return Math.max(BATCH_BYTES, 2 * samples * type.bytes()) + BATCH_PAIRS * (long) (Long.BYTES + Float.BYTES);
    }

    /** Takes pairs of neurons, first << 32 | second. */
    synchronized void add(long[] pairs) {
        waiting.add(pairs);
    }

    /** Hands over the edges among all pairs taken so far, and forgets them; {@code decided} hears of every batch. */
    void decide(Workers workers, Refinement.EdgeConsumer edges, Consumer<Decision> decided) {
        long[] pairs = waiting.stream().flatMapToLong(Arrays::stream).sorted().toArray();
        waiting.clear();
        List<Batch> batches = batches(pairs);
        workers.forEach(batches.size(), (part, worker) -> decided.accept(decide(batches.get((int) part), edges)));
    }

    /** Some pairs, and the neurons they are of, ascending. */
    private record Batch(long[] pairs, int[] neurons) {}

    private List<Batch> batches(long[] pairs) {
        int most = (int) Math.max(
                2, BATCH_BYTES / (layer.samples() * layer.view().values().type().bytes()));
        List<Batch> batches = new ArrayList<>();
        TreeSet<Integer> neurons = new TreeSet<>();
        int first = 0;
        for (int p = 0; p < pairs.length; p++) {
            neurons.add((int) (pairs[p] >> 32));
            neurons.add((int) pairs[p]);
            boolean last = p + 1 == pairs.length;
            if (last || neurons.size() + 2 > most || p + 1 - first == BATCH_PAIRS) {
                int[] sorted = neurons.stream().mapToInt(Integer::intValue).toArray();
                batches.add(new Batch(Arrays.copyOfRange(pairs, first, p + 1), sorted));
                neurons.clear();
                first = p + 1;
            }
        }
        return batches;
    }

    private Decision decide(Batch batch, Refinement.EdgeConsumer edges) {
        long[] pairs = batch.pairs;
        int[] neurons = batch.neurons;
        for (int p = 0; p < pairs.length; p++) {
            long left = Arrays.binarySearch(neurons, (int) (pairs[p] >> 32));
            pairs[p] = left << 32 | Arrays.binarySearch(neurons, (int) pairs[p]);
        }
        try (StandardisedLayer excerpt = layer.excerpt(neurons, kernels);
                Positions all = Positions.all(neurons.length);
                Matrix list = Matrix.allocate(ElementType.I64, 1, pairs.length);
                Matrix values = Matrix.allocate(ElementType.F32, 1, pairs.length)) {
            list.write(0, pairs, 0, pairs.length);
            Selection some = new Selection(all.list(), selection.threshold(), selection.sign());
            Decision decision = kernels.decide(list, values, pairs.length, excerpt.view(), some);
            nameNeurons(list, (int) decision.edges(), neurons);
            edges.accept(list, values, decision.edges(), pairs.length);
            return decision;
        }
    }

    /** The excerpt's neurons are in the layer's order, so the smaller one of an edge stays the first. */
    private static void nameNeurons(Matrix list, int edges, int[] neurons) {
        long[] found = new long[edges];
        list.read(0, found, 0, edges);
        for (int e = 0; e < edges; e++) {
            found[e] = (long) neurons[(int) (found[e] >> 32)] << 32 | neurons[(int) found[e]];
        }
        list.write(0, found, 0, edges);
    }
}
