package dev.morula.correlate;

import dev.morula.kernel.ElementType;
import dev.morula.kernel.Kernels;
import dev.morula.kernel.Matrix;
import dev.morula.kernel.StrongestKernels.Added;
import dev.morula.kernel.StrongestKernels.Partners;
import dev.morula.kernel.StrongestKernels.Rows;
import dev.morula.kernel.Workers;
import dev.morula.standardise.StandardisedLayer;
import java.util.Arrays;
import java.util.stream.IntStream;

/** The strongest partners of each neuron so far, off-heap, with room for some that may turn out to be. */
final class StrongestRows implements AutoCloseable {
    private static final int BLOCK = 4096; // neurons a part of parallel work

    private final Kernels kernels;
    private final Workers workers;
    private final Partners partners;
    private final float[] unknown;
    private final Contests contests;

    StrongestRows(StandardisedLayer layer, StrongestQuery query, Kernels kernels, Workers workers) {
        this.kernels = kernels;
        this.workers = workers;
        int neurons = layer.neurons();
        // Correlations are rounded to float32 once they have been refined.
        double error = kernels.screen().refineBound(layer.samples()) + 0x1p-24;
        this.partners = new Partners(
                Matrix.allocate(ElementType.I64, neurons, capacity(neurons, query.most())),
                Matrix.allocate(ElementType.I32, 1, neurons),
                Matrix.allocate(ElementType.F32, 1, neurons),
                query.most(),
                query.sign(),
                error);
        this.contests = new Contests(layer, partners, kernels, workers);
        this.unknown = new float[neurons];
        Arrays.fill(unknown, Float.NEGATIVE_INFINITY);
        clear();
    }

    /** Partners kept of each neuron: half as many more than are wanted, so that ties rarely have to be resolved. */
    private static long capacity(long neurons, long most) {
        return Math.max(1, Math.min(neurons - 1, most + Math.max(16, most / 2)));
    }

    /** Bytes that the {@code most} strongest partners of each neuron take. */
    static long bytes(long neurons, long most) {
        return neurons * (capacity(neurons, most) * Long.BYTES + Integer.BYTES + Float.BYTES);
    }

    /** Drops all partners. */
    void clear() {
        partners.counts().write(0, new int[unknown.length], 0, unknown.length);
        partners.least().write(0, unknown, 0, unknown.length);
    }

    /** Takes the pairs of {@code edges}, none of which it has had, and empties it. */
    void take(EdgeList edges) {
        for (EdgeList.Chunk chunk = edges.takeFirst(); chunk != null; chunk = edges.takeFirst()) {
            try (EdgeList.Chunk taken = chunk) {
                forEachBlock(rows -> add(rows, taken));
            }
        }
    }

    private void add(Rows rows, EdgeList.Chunk taken) {
        for (long next = 0; next < taken.count(); ) {
            Added added = kernels.strongest().add(partners, rows, taken.pairs(), taken.values(), next, taken.count());
            next = added.next();
            if (added.full() >= 0) {
                contests.decide((int) added.full());
            }
        }
    }

    /** For each neuron what a correlation must reach to matter, as far as is known. */
    float[] least() {
        float[] least = new float[unknown.length];
        partners.least().read(0, least, 0, least.length);
        return least;
    }

    /** Each neuron's strongest partners, which the caller closes. Neurons alike come near each other in {@code order}. */
    StrongestPartners settle(Positions order) {
        int[] open = counts();
        contests.decide(IntStream.range(0, order.count())
                .map(order::neuron)
                .filter(neuron -> open[neuron] > partners.most())
                .toArray());
        int[] counts = counts();
        long[] rowStart = new long[counts.length + 1];
        for (int neuron = 0; neuron < counts.length; neuron++) {
            rowStart[neuron + 1] = rowStart[neuron] + counts[neuron];
        }
        StrongestPartners strongest = StrongestPartners.allocate(rowStart);
        if (strongest.entries() > 0) {
            try (Matrix starts = Matrix.allocate(ElementType.I64, 1, rowStart.length)) {
                starts.write(0, rowStart, 0, rowStart.length);
                forEachBlock(rows ->
                        kernels.strongest().collect(strongest.indices(), strongest.values(), starts, partners, rows));
            }
        }
        return strongest;
    }

    private void forEachBlock(java.util.function.Consumer<Rows> work) {
        long neurons = unknown.length;
        long blocks = Math.max(Math.min(neurons, workers.count()), (neurons + BLOCK - 1) / BLOCK);
        workers.forEach(blocks, (block, worker) -> {
            long first = neurons * block / blocks;
            work.accept(new Rows(first, neurons * (block + 1) / blocks - first));
        });
    }

    private int[] counts() {
        int[] counts = new int[unknown.length];
        partners.counts().read(0, counts, 0, counts.length);
        return counts;
    }

    Contests contests() {
        return contests;
    }

    @Override
    public void close() {
        partners.partners().close();
        partners.counts().close();
        partners.least().close();
    }
}
