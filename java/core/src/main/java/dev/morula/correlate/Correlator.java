package dev.morula.correlate;

import dev.morula.MorulaException;
import dev.morula.correlate.Planner.Choice;
import dev.morula.kernel.ElementType;
import dev.morula.kernel.Kernels;
import dev.morula.kernel.Kernels.Selection;
import dev.morula.kernel.Matrix;
import dev.morula.kernel.Progress;
import dev.morula.kernel.Workers;
import dev.morula.standardise.StandardisedLayer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Finds every pair of neurons whose correlation reaches the threshold. Fast products rule most pairs out, all samples of
 * them or few numbers that stand for them; the rest is refined and decided exactly. The edge set does not depend on the
 * plan, the tier, the number of threads or the tile sizes. native/src/correlate/README.md has the error bounds that this
 * rests on.
 */
public final class Correlator implements AutoCloseable {
    private final StandardisedLayer layer;
    private final CorrelationQuery query;
    private final Kernels kernels;
    private final Workers workers;
    private final Progress progress;
    private final Map<String, Double> seconds = new LinkedHashMap<>();
    private final Planned planned;
    private final long mostEdges;
    private final EdgeList edges;
    private final EdgeSink sink;
    private final TileSearch search;
    private final Refinement refinement;
    private final Candidates candidates;
    private final AtomicLong decided = new AtomicLong();
    private long survivors;

    private Correlator(
            StandardisedLayer layer,
            CorrelationQuery query,
            EdgeSink sink,
            Choice choice,
            Kernels kernels,
            Workers workers,
            Progress progress) {
        this.layer = layer;
        this.query = query;
        this.kernels = kernels;
        this.workers = workers;
        this.progress = progress;
        requireMemory();
        this.planned = prepare(choice);
        Positions positions = planned.positions();
        CorrelationPlan plan = planned.plan();
        long rest = query.memory()
                - planned.bytes()
                - Refinement.bytes(
                        positions.count(),
                        layer.samples(),
                        layer.view().values().type(),
                        workers.count());
        long fitting = Math.min(rest * 2 / 3 / EdgeList.BYTES, query.memory() / EdgeList.ASSEMBLY_BYTES);
        this.mostEdges = Math.min(query.mostEdges(), fitting);
        this.edges = new EdgeList(mostEdges);
        this.sink = sink == null ? edges : sink;
        Selection selection = new Selection(positions.list(), query.threshold(), query.sign());
        this.search = new TileSearch(planned.rows(), plan.tiles(), positions.count(), kernels, workers, progress);
        this.refinement = new Refinement(layer, positions, selection, kernels, workers, progress);
        this.candidates = new Candidates(Math.max(1, rest / 3 / Candidates.BYTES), workers.count());
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
        try (Correlator correlator = new Correlator(layer, query, sink, null, kernels, workers, progress)) {
            return correlator.run();
        }
    }

    /** The same in a way that was chosen already; closes {@code choice}. */
    static Correlation runAs(
            StandardisedLayer layer,
            CorrelationQuery query,
            Choice choice,
            Kernels kernels,
            Workers workers,
            Progress progress) {
        try (Correlator correlator = new Correlator(layer, query, null, choice, kernels, workers, progress)) {
            return correlator.run();
        }
    }

    /** Bytes below which {@code neurons} neurons of {@code samples} samples cannot be correlated at all. */
    public static long leastBytes(Kernels kernels, long neurons, long samples, ElementType type, int threads) {
        return Refinement.bytes(neurons, samples, type, threads)
                + TilePlan.leastBytes(kernels, samples, 2 * samples * type.bytes(), threads);
    }

    private void requireMemory() {
        long neurons = layer.correlated().length;
        ElementType type = layer.view().values().type();
        long least = leastBytes(kernels, neurons, layer.samples(), type, workers.count());
        if (query.memory() < least) {
            throw MorulaException.resources(
                    "%,d bytes of memory are left for correlating, but %,d neurons of %,d samples need %,d at least",
                    query.memory(), neurons, layer.samples(), least);
        }
    }

    /** {@code given}: null for the planner's choice. */
    private Planned prepare(Choice given) {
        try (Choice choice = timed("plan", () -> given != null ? given : choose())) {
            return timed("project", () -> Planned.of(choice, layer, query, kernels, workers, progress));
        }
    }

    private Choice choose() {
        return Planner.choose(layer, layer.correlated(), query, kernels, workers);
    }

    private Correlation run() {
        try {
            while (!search.isDone()) {
                timed("search", () -> search.fill(candidates));
                survivors += candidates.count();
                timed("refine", () -> refinement.run(candidates, this::add));
                candidates.clear();
            }
        } catch (RuntimeException | Error e) {
            edges.close();
            throw e;
        }
        progress.report(TileSearch.STAGE, totalPairs(), totalPairs());
        return new Correlation(
                edges,
                totalPairs(),
                survivors,
                refinement.inFloat32(),
                refinement.inFloat64(),
                refinement.inDoubleDouble(),
                planned.plan(),
                stages(),
                seconds.get("plan"),
                seconds.get("project"));
    }

    private List<StageReport> stages() {
        long open = survivors - refinement.inFloat32();
        String first = StageReport.name(planned.plan().method());
        double deciding = refinement.decideSeconds();
        return List.of(
                new StageReport(first, totalPairs(), survivors, seconds.getOrDefault("search", 0.0)),
                new StageReport("float32", survivors, open, seconds.getOrDefault("refine", 0.0) - deciding),
                new StageReport("float64", open, refinement.inDoubleDouble(), deciding),
                new StageReport("double-double", refinement.inDoubleDouble(), 0, 0));
    }

    private void add(Matrix pairs, Matrix values, long count, long candidates) {
        if (!sink.add(pairs, values, count)) {
            throw tooManyEdges(values, count, decided.get() + candidates);
        }
        decided.addAndGet(candidates); // after the edges: a pair that counts as decided has its edge in the list
    }

    private long totalPairs() {
        return planned.positions().count() * (planned.positions().count() - 1L) / 2;
    }

    private MorulaException tooManyEdges(Matrix lastValues, long lastCount, long decidedCandidates) {
        double done = search.pairsDone() * ((double) decidedCandidates / survivors);
        double fitting = FittingThreshold.estimate(
                edges, lastValues, lastCount, query.sign(), mostEdges * (done / totalPairs()));
        String limit = mostEdges == query.mostEdges() ? "that --max-edges allows" : "that fit the memory (--memory)";
        return MorulaException.resources(
                "threshold %s gives more than the %,d edges %s (found in %.1f %% of the pairs); a threshold of about %.4f"
                        + " would fit",
                query.threshold(), mostEdges, limit, 100 * done / totalPairs(), fitting);
    }

    private void timed(String part, Runnable work) {
        timed(part, () -> {
            work.run();
            return null;
        });
    }

    private <T> T timed(String part, java.util.function.Supplier<T> work) {
        long start = System.nanoTime();
        T result = work.get();
        seconds.merge(part, Math.round((System.nanoTime() - start) * 1e-5) * 1e-4, Double::sum);
        return result;
    }

    @Override
    public void close() {
        candidates.close();
        refinement.close();
        search.close();
        planned.close();
    }
}
