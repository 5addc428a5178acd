package dev.morula.correlate;

import dev.morula.MorulaException;
import dev.morula.kernel.Kernels;
import dev.morula.kernel.Kernels.Selection;
import dev.morula.kernel.Matrix;
import dev.morula.kernel.Progress;
import dev.morula.kernel.Workers;
import dev.morula.standardise.StandardisedLayer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/** Finds the edges among the pairs of one range: lists candidates and refines them by turns, as memory allows. */
final class RangeSearch implements AutoCloseable {
    private final CorrelationQuery query;
    private final PlannedRange range;
    private final Progress progress;
    private final long mostEdges;
    private final EdgeList edges;
    private final EdgeSink sink;
    private final TileSearch search;
    private final Refinement refinement;
    private final Candidates candidates;
    private final AtomicLong decided = new AtomicLong();
    private long survivors;
    private double searchSeconds;
    private double refineSeconds;
    private double shareBefore;
    private double share;

    /** Edges go to {@code sink}; if that is null, to the list in the result. */
    RangeSearch(
            StandardisedLayer layer,
            CorrelationQuery query,
            PlannedRange range,
            EdgeSink sink,
            Kernels kernels,
            Workers workers,
            Progress progress) {
        this.query = query;
        this.range = range;
        this.progress = progress;
        Positions positions = range.positions();
        TilePlan tiles = range.plan().tiles();
        this.mostEdges = sink == null ? Math.min(query.mostEdges(), edgesThatFit(query, range)) : query.mostEdges();
        this.edges = new EdgeList(mostEdges);
        this.sink = sink == null ? edges : sink;
        Selection selection = new Selection(positions.list(), query.threshold(), query.sign());
        this.search = new TileSearch(range.rows(), tiles, range.region(), kernels, workers, progress);
        this.refinement = new Refinement(layer, positions, selection, kernels, workers, progress);
        this.candidates =
                new Candidates(Math.max(1, memoryBeside(query, range) / 3 / Candidates.BYTES), workers.count());
    }

    /** How many edges a list in memory has room for, and a graph that is assembled from it. */
    static long edgesThatFit(CorrelationQuery query, PlannedRange range) {
        return Math.min(memoryBeside(query, range) * 2 / 3 / EdgeList.BYTES, query.memory() / EdgeList.ASSEMBLY_BYTES);
    }

    private static long memoryBeside(CorrelationQuery query, PlannedRange range) {
        return Math.max(0, query.memory() - range.bytes());
    }

    /**
     * Finds the edges. The pairs of the range are {@code share} of all those of the query, of which {@code shareBefore} are
     * done already; {@code prepared} says what planning and projecting took.
     */
    Correlation run(double shareBefore, double share, Map<String, Double> prepared) {
        this.shareBefore = shareBefore;
        this.share = share;
        try {
            while (!search.isDone()) {
                searchSeconds += timed(() -> search.fill(candidates));
                survivors += candidates.count();
                refineSeconds += timed(() -> refinement.run(candidates, this::add));
                candidates.clear();
            }
        } catch (RuntimeException | Error e) {
            edges.close();
            throw e;
        }
        long pairs = range.region().pairs();
        progress.report(TileSearch.STAGE, pairs, pairs);
        return new Correlation(
                edges,
                pairs,
                survivors,
                refinement.inFloat32(),
                refinement.inFloat64(),
                refinement.inDoubleDouble(),
                range.plan(),
                stages(),
                prepared.getOrDefault("plan", 0.0),
                prepared.get("project"));
    }

    private List<StageReport> stages() {
        long open = survivors - refinement.inFloat32();
        double deciding = refinement.decideSeconds();
        return List.of(
                new StageReport(
                        StageReport.name(range.plan().method()), range.region().pairs(), survivors, searchSeconds),
                new StageReport("float32", survivors, open, refineSeconds - deciding),
                new StageReport("float64", open, refinement.inDoubleDouble(), deciding),
                new StageReport("double-double", refinement.inDoubleDouble(), 0, 0));
    }

    private static double timed(Runnable work) {
        long start = System.nanoTime();
        work.run();
        return (System.nanoTime() - start) * 1e-9;
    }

    private void add(Matrix pairs, Matrix values, long count, long candidates) {
        if (!sink.add(pairs, values, count)) {
            throw tooManyEdges(values, count, decided.get() + candidates);
        }
        decided.addAndGet(candidates); // after the edges: a pair that counts as decided has its edge in the list
    }

    private MorulaException tooManyEdges(Matrix lastValues, long lastCount, long decidedCandidates) {
        double ofRange = search.pairsDone()
                * ((double) decidedCandidates / survivors)
                / range.region().pairs();
        double done = shareBefore + share * ofRange;
        // Of edges that went elsewhere, the last ones stand for all.
        double allowed = sink == edges ? mostEdges * done : lastCount * done;
        double fitting = FittingThreshold.estimate(edges, lastValues, lastCount, query.sign(), allowed);
        String limit = mostEdges == query.mostEdges() ? "that --max-edges allows" : "that fit the memory (--memory)";
        return MorulaException.resources(
                "threshold %s gives more than the %,d edges %s (found in %.1f %% of the pairs); a threshold of about %.4f"
                        + " would fit",
                query.threshold(), mostEdges, limit, 100 * done, fitting);
    }

    @Override
    public void close() {
        candidates.close();
        refinement.close();
        search.close();
    }
}
