package dev.morula.correlate;

import dev.morula.correlate.Candidates.Chunk;
import dev.morula.kernel.ElementType;
import dev.morula.kernel.Kernels;
import dev.morula.kernel.Kernels.Decision;
import dev.morula.kernel.Kernels.Selection;
import dev.morula.kernel.LayerView.Order;
import dev.morula.kernel.Matrix;
import dev.morula.kernel.Progress;
import dev.morula.kernel.ScreenKernels;
import dev.morula.kernel.ScreenKernels.Sifted;
import dev.morula.kernel.ScreenKernels.Slots;
import dev.morula.kernel.Stage;
import dev.morula.kernel.Workers;
import dev.morula.standardise.StandardisedLayer;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Decides candidates. The layer is gone through once, piece by piece of its samples: a piece of every neuron that has a
 * candidate is standardised into memory that stays in cache, and every candidate's product grows by that piece. A product
 * is within 1e-6 of the correlation at the end; the few pairs nearer to the threshold than that are decided from the raw
 * values.
 */
final class Refinement implements AutoCloseable {
    private static final Stage STAGE = new Stage("refine", Stage.Unit.PAIRS);
    private static final int BLOCK = 512; // neurons a part of parallel work

    private final StandardisedLayer layer;
    private final Positions positions;
    private final Selection selection;
    private final Kernels kernels;
    private final Workers workers;
    private final Progress progress;
    private final int blocks;
    private final Matrix slots;
    private final Matrix rows;
    private final OpenPairs openPairs;
    private final AtomicLong inFloat32 = new AtomicLong();
    private final AtomicLong inFloat64 = new AtomicLong();
    private final AtomicLong inDoubleDouble = new AtomicLong();
    private double decideSeconds;

    Refinement(
            StandardisedLayer layer,
            Positions positions,
            Selection selection,
            Kernels kernels,
            Workers workers,
            Progress progress) {
        this.layer = layer;
        this.positions = positions;
        this.selection = selection;
        this.kernels = kernels;
        this.workers = workers;
        this.progress = progress;
        this.openPairs = new OpenPairs(layer, selection, kernels);
        this.blocks = (layer.neurons() + BLOCK - 1) / BLOCK;
        this.slots = Matrix.allocate(ElementType.I32, 1, layer.neurons());
        this.rows = Matrix.allocate(ElementType.F32, Math.max(1, positions.count()), ScreenKernels.PIECE);
    }

    /** Bytes that refining takes beside the candidates. */
    static long bytes(long positions, long samples, ElementType type, int threads) {
        long deciding = Candidates.CHUNK * (long) (Long.BYTES + Float.BYTES) + OpenPairs.bytes(samples, type);
        return positions * (ScreenKernels.PIECE * Float.BYTES + Integer.BYTES) + threads * deciding;
    }

    /** Hands the edges among the candidates to {@code edges}; {@code progress} says how far the search for them is. */
    void run(Candidates candidates, EdgeConsumer edges) {
        List<Chunk> chunks = candidates.chunks();
        if (chunks.isEmpty()) {
            return;
        }
        listUsedNeurons(chunks);
        long pieces = (layer.samples() + ScreenKernels.PIECE - 1) / ScreenKernels.PIECE;
        for (long piece = 0; piece < pieces; piece++) {
            progress.report(STAGE, candidates.count() / pieces * piece, candidates.count());
            addPiece(chunks, piece * ScreenKernels.PIECE);
        }
        chunks.get(0).sums.read(0, new double[1], 0, 1); // a device is done with all when there is something to read
        progress.report(STAGE, candidates.count(), candidates.count());
        long start = System.nanoTime();
        workers.forEach(chunks.size(), (part, worker) -> decide(chunks.get((int) part), edges));
        openPairs.decide(workers, edges, this::count);
        decideSeconds += (System.nanoTime() - start) * 1e-9;
    }

    private void addPiece(List<Chunk> chunks, long firstSample) {
        workers.forEach(blocks, (block, worker) -> {
            int neuron = (int) block * BLOCK;
            Slots some = new Slots(slots, neuron, neuron, Math.min(BLOCK, layer.neurons() - neuron));
            kernels.screen().standardise(rows, layer.view(), some, firstSample);
        });
        workers.forEach(chunks.size(), (part, worker) -> {
            Chunk chunk = chunks.get((int) part);
            kernels.screen().refine(chunk.sums, chunk.pairs, chunk.count, rows);
        });
    }

    /** Lists for every neuron its position, if it has a candidate, else -1. */
    private void listUsedNeurons(List<Chunk> chunks) {
        byte[] used = new byte[positions.count()];
        workers.forEach(chunks.size(), (part, worker) -> {
            Chunk chunk = chunks.get((int) part);
            long[] pairs = new long[chunk.count];
            chunk.pairs.read(0, pairs, 0, pairs.length);
            for (long pair : pairs) {
                used[(int) (pair >> 32)] = 1;
                used[(int) pair] = 1;
            }
        });
        int[] list = new int[layer.neurons()];
        Arrays.fill(list, -1);
        for (int position = 0; position < used.length; position++) {
            if (used[position] != 0) {
                list[positions.neuron(position)] = position;
            }
        }
        slots.write(0, list, 0, list.length);
    }

    private void decide(Chunk chunk, EdgeConsumer edges) {
        try (Matrix values = Matrix.allocate(ElementType.F32, 1, chunk.count);
                Matrix open = Matrix.allocate(ElementType.I64, 1, chunk.count)) {
            double bound = kernels.screen().refineBound(layer.samples());
            Sifted sifted = kernels.screen().sift(chunk.pairs, values, open, chunk.sums, chunk.count, selection, bound);
            edges.accept(chunk.pairs, values, sifted.edges(), chunk.count - sifted.open());
            inFloat32.addAndGet(chunk.count - sifted.open());
            if (layer.view().order() == Order.SAMPLE_MAJOR) {
                openPairs.add(neuronsOf(open, (int) sifted.open()));
            } else {
                Decision decision = kernels.decide(open, values, sifted.open(), layer.view(), selection);
                edges.accept(open, values, decision.edges(), sifted.open());
                count(decision);
            }
        }
    }

    private long[] neuronsOf(Matrix open, int count) {
        long[] pairs = new long[count];
        open.read(0, pairs, 0, count);
        for (int p = 0; p < count; p++) {
            pairs[p] = (long) positions.neuron((int) (pairs[p] >> 32)) << 32 | positions.neuron((int) pairs[p]);
        }
        return pairs;
    }

    private void count(Decision decision) {
        inFloat64.addAndGet(decision.inFloat64());
        inDoubleDouble.addAndGet(decision.inDoubleDouble());
    }

    /** What sifting the products and deciding the open pairs took. */
    double decideSeconds() {
        return decideSeconds;
    }

    long inFloat32() {
        return inFloat32.get();
    }

    long inFloat64() {
        return inFloat64.get();
    }

    long inDoubleDouble() {
        return inDoubleDouble.get();
    }

    @Override
    public void close() {
        slots.close();
        rows.close();
    }

    /** Takes edges from several threads. */
    @FunctionalInterface
    interface EdgeConsumer {
        /** The first {@code count} pairs, as {@link EdgeList} has them, with their correlations: all of {@code decided}. */
        void accept(Matrix pairs, Matrix values, long count, long decided);
    }
}
