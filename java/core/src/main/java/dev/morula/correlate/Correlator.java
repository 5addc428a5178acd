package dev.morula.correlate;

import dev.morula.MorulaException;
import dev.morula.kernel.ElementType;
import dev.morula.kernel.Kernels;
import dev.morula.kernel.Kernels.Decision;
import dev.morula.kernel.Kernels.Panel;
import dev.morula.kernel.Kernels.Selection;
import dev.morula.kernel.Kernels.Side;
import dev.morula.kernel.Kernels.Tile;
import dev.morula.kernel.Matrix;
import dev.morula.kernel.Progress;
import dev.morula.kernel.Workers;
import dev.morula.standardise.StandardisedLayer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Finds every pair of neurons whose correlation reaches the threshold, by looking at each pair once: tiles of the upper
 * half, product and cut fused, survivors decided exactly. The edge set does not depend on the tier, on the number of
 * threads or on the tile sizes. native/src/correlate/README.md has the error bounds that this rests on.
 */
public final class Correlator implements AutoCloseable {
    private final StandardisedLayer layer;
    private final CorrelationQuery query;
    private final Kernels kernels;
    private final Workers workers;
    private final Progress progress;
    private final int[] neurons;
    private final BrutePlan plan;
    private final long mostEdges;
    private final Matrix neuronList;
    private final Selection selection;
    private final List<Matrix> leftMemory = new ArrayList<>();
    private final List<WorkerMemory> workerMemory = new ArrayList<>();
    private final EdgeList edges;
    private final EdgeSink sink;
    private final AtomicLong pairsDone = new AtomicLong();
    private final AtomicLong survivors = new AtomicLong();
    private final AtomicLong inFloat64 = new AtomicLong();
    private final AtomicLong inDoubleDouble = new AtomicLong();

    private Correlator(
            StandardisedLayer layer,
            CorrelationQuery query,
            EdgeSink sink,
            Kernels kernels,
            Workers workers,
            Progress progress) {
        this.layer = layer;
        this.query = query;
        this.kernels = kernels;
        this.workers = workers;
        this.progress = progress;
        this.neurons = layer.correlated();
        this.plan = BrutePlan.choose(
                kernels, Math.max(neurons.length, 1), layer.samples(), workers.count(), query.memory());
        this.mostEdges = Math.min(query.mostEdges(), (query.memory() - plan.bytes()) / EdgeList.ASSEMBLY_BYTES);
        this.edges = new EdgeList(mostEdges);
        this.sink = sink == null ? edges : sink;
        this.neuronList = Matrix.allocate(ElementType.I32, 1, Math.max(neurons.length, 1));
        neuronList.write(0, neurons, 0, neurons.length);
        this.selection = new Selection(neuronList, query.threshold(), query.sign());
    }

    /** Correlates the neurons of {@code layer} that have a correlation at all. The caller closes the result. */
    public static Correlation run(
            StandardisedLayer layer, CorrelationQuery query, Kernels kernels, Workers workers, Progress progress) {
        return run(layer, query, null, kernels, workers, progress);
    }

    /** The same, with all edges given to {@code sink} instead: the list of edges in the result is empty. */
    public static Correlation run(
            StandardisedLayer layer,
            CorrelationQuery query,
            EdgeSink sink,
            Kernels kernels,
            Workers workers,
            Progress progress) {
        try (Correlator correlator = new Correlator(layer, query, sink, kernels, workers, progress)) {
            return correlator.run();
        }
    }

    private Correlation run() {
        try {
            for (long first = 0; first < neurons.length && neurons.length > 1; first += plan.groupRows()) {
                correlateGroup(first, Math.min(neurons.length, first + plan.groupRows()));
            }
        } catch (RuntimeException | Error e) {
            edges.close();
            throw e;
        }
        progress.report("correlate", totalPairs(), totalPairs());
        return new Correlation(edges, totalPairs(), survivors.get(), inFloat64.get(), inDoubleDouble.get(), plan);
    }

    /** All pairs whose left neuron has a position in [first, last): packs those once, then walks the right panels. */
    private void correlateGroup(long first, long last) {
        Panel[] left = packLeft(first, last);
        long rightPanels = (neurons.length - first + plan.right() - 1) / plan.right();
        workers.forEach(rightPanels, (panel, worker) -> {
            long position = first + panel * plan.right();
            correlatePanel(left, position, Math.min(plan.right(), neurons.length - position), memoryOf(worker));
            if (worker == 0) {
                progress.report("correlate", pairsDone.get(), totalPairs());
            }
        });
    }

    private Panel[] packLeft(long first, long last) {
        Panel[] panels = new Panel[Math.toIntExact((last - first + plan.left() - 1) / plan.left())];
        while (leftMemory.size() < panels.length) {
            leftMemory.add(allocate(kernels.packedBytes(Side.LEFT, plan.left(), layer.samples())));
        }
        workers.forEach(panels.length, (panel, worker) -> {
            long position = first + panel * plan.left();
            long rows = Math.min(plan.left(), last - position);
            panels[(int) panel] = pack(leftMemory.get((int) panel), position, rows, Side.LEFT);
        });
        return panels;
    }

    private Panel pack(Matrix memory, long position, long rows, Side side) {
        try (Matrix list = Matrix.allocate(ElementType.I32, 1, rows)) {
            neuronList.copyTo(position, list, 0, rows);
            return new Panel(memory, position, rows, kernels.pack(memory, layer.view(), list, side));
        }
    }

    private void correlatePanel(Panel[] left, long position, long rows, WorkerMemory memory) {
        Panel right = pack(memory.panel, position, rows, Side.RIGHT);
        for (Panel panel : left) {
            if (panel.position() < position + rows - 1) {
                correlateTile(new Tile(panel, right, layer.samples(), query.sign()), memory);
            }
        }
    }

    private void correlateTile(Tile tile, WorkerMemory memory) {
        double bound = kernels.tileBound(tile.left().error(), tile.right().error(), layer.samples());
        long found = kernels.correlateTile(memory.pairs, memory.workspace, tile, query.threshold() - bound);
        Decision decision = kernels.decide(memory.pairs, memory.values, found, layer.view(), selection);
        survivors.addAndGet(found);
        inFloat64.addAndGet(decision.inFloat64());
        inDoubleDouble.addAndGet(decision.inDoubleDouble());
        long pairs = pairsOf(tile.left(), tile.right());
        if (!sink.add(memory.pairs, memory.values, decision.edges())) {
            throw tooManyEdges(memory.values, decision.edges(), pairsDone.get() + pairs);
        }
        pairsDone.addAndGet(pairs); // after the edges: a pair that counts as done has its edge in the list
    }

    /** Pairs of a tile: those whose right position is above the left one. */
    private static long pairsOf(Panel left, Panel right) {
        long pairs = 0;
        for (long i = left.position(); i < left.position() + left.rows(); i++) {
            pairs += Math.max(0, right.position() + right.rows() - Math.max(right.position(), i + 1));
        }
        return pairs;
    }

    private long totalPairs() {
        return neurons.length * (neurons.length - 1L) / 2;
    }

    private MorulaException tooManyEdges(Matrix lastValues, long lastCount, long done) {
        double fitting = FittingThreshold.estimate(
                edges, lastValues, lastCount, query.sign(), mostEdges * ((double) done / totalPairs()));
        String limit = mostEdges == query.mostEdges() ? "that --max-edges allows" : "that fit the memory (--memory)";
        return MorulaException.resources(
                "threshold %s gives more than the %,d edges %s (found in %.1f %% of the pairs); a threshold of about %.4f"
                        + " would fit",
                query.threshold(), mostEdges, limit, 100.0 * done / totalPairs(), fitting);
    }

    private WorkerMemory memoryOf(int worker) {
        synchronized (workerMemory) {
            while (workerMemory.size() <= worker) {
                workerMemory.add(new WorkerMemory(kernels, plan, layer.samples()));
            }
            return workerMemory.get(worker);
        }
    }

    private static Matrix allocate(long bytes) {
        return Matrix.allocate(ElementType.I64, 1, (bytes + Long.BYTES - 1) / Long.BYTES);
    }

    @Override
    public void close() {
        leftMemory.forEach(Matrix::close);
        workerMemory.forEach(WorkerMemory::close);
        neuronList.close();
    }

    /** What one thread works in. */
    private static final class WorkerMemory implements AutoCloseable {
        final Matrix panel;
        final Matrix workspace;
        final Matrix pairs;
        final Matrix values;

        WorkerMemory(Kernels kernels, BrutePlan plan, long samples) {
            panel = allocate(kernels.packedBytes(Side.RIGHT, plan.right(), samples));
            workspace = allocate(kernels.tileWorkspaceBytes());
            pairs = Matrix.allocate(ElementType.I64, 1, plan.left() * plan.right());
            values = Matrix.allocate(ElementType.F32, 1, plan.left() * plan.right());
        }

        @Override
        public void close() {
            panel.close();
            workspace.close();
            pairs.close();
            values.close();
        }
    }
}
