package dev.morula.correlate;

import dev.morula.kernel.ElementType;
import dev.morula.kernel.Kernels;
import dev.morula.kernel.Kernels.Panel;
import dev.morula.kernel.Kernels.Side;
import dev.morula.kernel.Kernels.Tile;
import dev.morula.kernel.Matrix;
import dev.morula.kernel.Progress;
import dev.morula.kernel.ScreenKernels.Sense;
import dev.morula.kernel.Stage;
import dev.morula.kernel.Workers;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Looks at each pair of a region once, tile by tile, and lists those that cannot be ruled out. Left
 * panels are packed once, a group of them at a time; each right panel is packed once for a group.
 */
final class TileSearch implements AutoCloseable {
    static final Stage STAGE = new Stage("correlate", Stage.Unit.PAIRS);

    private final PackedRows rows;
    private final TilePlan plan;
    private final Matrix thresholds;
    private final PairRegion region;
    private final Kernels kernels;
    private final Workers workers;
    private final Progress progress;
    private final List<Matrix> leftMemory = new ArrayList<>();
    private final WorkerMemory[] workerMemory;
    private final Queue<Part> parts = new ConcurrentLinkedQueue<>();
    private final AtomicLong pairsDone = new AtomicLong();
    private Panel[] left = {};
    private Panel[] negated = {}; // the same rows for correlations of the other sign, where those count too
    private long nextGroup;

    /** The tiles of one right panel with the left panels of the group from {@code firstLeft} on. */
    private record Part(long rightPosition, int firstLeft) {}

    TileSearch(PackedRows rows, TilePlan plan, PairRegion region, Kernels kernels, Workers workers, Progress progress) {
        this(rows, plan, null, region, kernels, workers, progress);
    }

    /** Searches with {@code thresholds} (F64, one a position), which may rise on the way; a pair needs the lesser of its two. */
    TileSearch(
            PackedRows rows,
            TilePlan plan,
            Matrix thresholds,
            PairRegion region,
            Kernels kernels,
            Workers workers,
            Progress progress) {
        this.rows = rows;
        this.plan = plan;
        this.thresholds = thresholds;
        this.region = region;
        this.kernels = kernels;
        this.workers = workers;
        this.progress = progress;
        this.workerMemory = new WorkerMemory[workers.count()];
    }

    /** Goes on until {@code candidates} are full, or all pairs have been looked at. */
    void fill(Candidates candidates) {
        while (!isDone() && !candidates.isFull()) {
            if (parts.isEmpty()) {
                startGroup();
            }
            workers.forEach(workers.count(), (part, worker) -> drain(candidates, worker));
        }
    }

    boolean isDone() {
        return parts.isEmpty() && nextGroup >= region.leftEnd();
    }

    long pairsDone() {
        return pairsDone.get();
    }

    private void startGroup() {
        long first = nextGroup;
        nextGroup = Math.min(region.leftEnd(), first + plan.groupRows());
        left = packLeft(first, nextGroup, 0);
        negated = rows.senses().size() > 1 ? packLeft(first, nextGroup, 1) : new Panel[left.length];
        for (long right = Math.max(first, region.firstRight()); right < region.positions(); right += plan.right()) {
            parts.add(new Part(right, 0));
        }
    }

    private Panel[] packLeft(long first, long last, int sense) {
        Panel[] panels = new Panel[Math.toIntExact((last - first + plan.left() - 1) / plan.left())];
        int offset = sense * Math.toIntExact(plan.leftPanels());
        while (leftMemory.size() < offset + panels.length) {
            leftMemory.add(allocate(kernels.packedBytes(Side.LEFT, plan.left(), rows.columns())));
        }
        workers.forEach(panels.length, (panel, worker) -> {
            int index = (int) panel;
            long position = first + panel * plan.left();
            long count = Math.min(plan.left(), last - position);
            Matrix memory = leftMemory.get(offset + index);
            panels[index] =
                    pack(memory, position, count, Side.LEFT, rows.senses().get(sense));
        });
        return panels;
    }

    private Panel pack(Matrix memory, long position, long count, Side side, Sense sense) {
        return new Panel(memory, position, count, rows.pack(memory, position, count, side, sense));
    }

    private void drain(Candidates candidates, int worker) {
        for (Part part = parts.poll(); part != null; part = parts.poll()) {
            search(part, candidates, worker);
            if (worker == 0) {
                progress.report(STAGE, pairsDone.get(), region.pairs());
            }
            if (candidates.isFull()) {
                return;
            }
        }
    }

    private void search(Part part, Candidates candidates, int worker) {
        WorkerMemory memory = memoryOf(worker);
        long position = part.rightPosition();
        Panel right = pack(
                memory.panel,
                position,
                Math.min(plan.right(), region.positions() - position),
                Side.RIGHT,
                Sense.CORRELATION);
        for (int l = part.firstLeft(); l < left.length; l++) {
            if (left[l].position() >= position + right.rows() - 1) {
                break; // this left panel and those after it have no pair with this right one
            } else if (candidates.isFull()) {
                parts.add(new Part(position, l));
                break;
            }
            Matrix other = negated[l] == null ? null : negated[l].packed();
            Tile tile = new Tile(left[l], other, right, rows.columns(), rows.sign(), thresholds);
            double cut = rows.cut(left[l].error(), right.error());
            long found = kernels.correlateTile(memory.pairs, memory.workspace, tile, cut);
            candidates.add(memory.pairs, found, worker);
            pairsDone.addAndGet(pairsOf(left[l], right));
        }
    }

    /** Pairs of a tile: those whose right position is above the left one. */
    private long pairsOf(Panel left, Panel right) {
        long pairs = 0;
        for (long i = left.position(); i < left.position() + left.rows(); i++) {
            pairs += region.partners(i, right.position(), right.position() + right.rows());
        }
        return pairs;
    }

    private WorkerMemory memoryOf(int worker) {
        if (workerMemory[worker] == null) {
            workerMemory[worker] = new WorkerMemory(kernels, plan, rows);
        }
        return workerMemory[worker];
    }

    private static Matrix allocate(long bytes) {
        return Matrix.allocate(ElementType.I64, 1, (bytes + Long.BYTES - 1) / Long.BYTES);
    }

    @Override
    public void close() {
        leftMemory.forEach(Matrix::close);
        for (WorkerMemory memory : workerMemory) {
            if (memory != null) {
                memory.close();
            }
        }
    }

    /** What one thread works in. */
    private static final class WorkerMemory implements AutoCloseable {
        final Matrix panel;
        final Matrix workspace;
        final Matrix pairs;

        WorkerMemory(Kernels kernels, TilePlan plan, PackedRows rows) {
            panel = allocate(kernels.packedBytes(Side.RIGHT, plan.right(), rows.columns()));
            workspace = allocate(kernels.tileWorkspaceBytes());
            pairs = Matrix.allocate(ElementType.I64, rows.senses().size(), plan.left() * plan.right());
        }

        @Override
        public void close() {
            panel.close();
            workspace.close();
            pairs.close();
        }
    }
}
