package dev.morula.correlate;

import dev.morula.MorulaException;
import dev.morula.kernel.ElementType;
import dev.morula.kernel.Kernels;
import dev.morula.kernel.Progress;
import dev.morula.kernel.Workers;
import dev.morula.standardise.StandardisedLayer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Finds every pair of neurons whose correlation reaches the threshold. Fast products rule most pairs out, all samples of
 * them or few numbers that stand for them; the rest is refined and decided exactly. The edge set does not depend on the
 * plan, the tier, the number of threads, the tile sizes or how the rows are cut into ranges. native/src/correlate/README.md
 * has the error bounds that this rests on.
 *
 * <p>What all pairs need, a plan and projections, is made once; then ranges of rows can be run one by one.
 */
public final class Correlator implements AutoCloseable {
    private final StandardisedLayer layer;
    private final CorrelationQuery query;
    private final Kernels kernels;
    private final Workers workers;
    private final Progress progress;
    private final Map<String, Double> seconds = new LinkedHashMap<>();
    private final int[] neurons;
    private final Planned planned;

    /** {@code chosen}: how to look at the pairs; null to choose. It is closed with this. */
    private Correlator(
            StandardisedLayer layer,
            CorrelationQuery query,
            Planner.Choice chosen,
            Kernels kernels,
            Workers workers,
            Progress progress) {
        this.layer = layer;
        this.query = query;
        this.kernels = kernels;
        this.workers = workers;
        this.progress = progress;
        this.neurons = query.neurons(layer);
        requireMemory();
        Planner.Choice choice =
                chosen != null ? chosen : timed("plan", () -> Planner.choose(layer, neurons, query, kernels, workers));
        this.planned = timed("project", () -> Planned.of(choice, layer, query, kernels, workers, progress));
    }

    /** Correlates the neurons of {@code layer} that have a correlation at all. The caller closes the result. */
    public static Correlation run(
            StandardisedLayer layer, CorrelationQuery query, Kernels kernels, Workers workers, Progress progress) {
        try (Correlator correlator = prepare(layer, query, kernels, workers, progress)) {
            return correlator.run();
        }
    }

    /** The same, with all edges given to {@code sink} instead: the list of edges in the result is empty. */
    public static Correlation run(
            StandardisedLayer layer,
            CorrelationQuery query,
            EdgeSink sink,
            Kernels kernels,
            Workers workers,
            Progress progress) {
        try (Correlator correlator = prepare(layer, query, kernels, workers, progress)) {
            return correlator.run(query.rows(), sink);
        }
    }

    /** Plans how to find the pairs of {@code query} and projects what the plan wants projected. */
    public static Correlator prepare(
            StandardisedLayer layer, CorrelationQuery query, Kernels kernels, Workers workers, Progress progress) {
        return new Correlator(layer, query, null, kernels, workers, progress);
    }

    /** Correlates in the given way, which is closed, whatever the planner would choose. The caller closes the result. */
    static Correlation runAs(
            StandardisedLayer layer,
            CorrelationQuery query,
            Planner.Choice choice,
            Kernels kernels,
            Workers workers,
            Progress progress) {
        try (Correlator correlator = new Correlator(layer, query, choice, kernels, workers, progress)) {
            return correlator.run();
        }
    }

    /** Bytes below which {@code neurons} neurons of {@code samples} samples cannot be correlated at all. */
    public static long leastBytes(Kernels kernels, long neurons, long samples, ElementType type, int threads) {
        return Refinement.bytes(neurons, samples, type, threads)
                + TilePlan.leastBytes(kernels, samples, 2 * samples * type.bytes(), threads);
    }

    private void requireMemory() {
        ElementType type = layer.view().values().type();
        long least = leastBytes(kernels, neurons.length, layer.samples(), type, workers.count());
        if (query.memory() < least) {
            throw MorulaException.resources(
                    "%,d bytes of memory are left for correlating, but %,d neurons of %,d samples need %,d at least",
                    query.memory(), neurons.length, layer.samples(), least);
        }
    }

    /** What to expect of {@link #run()}. */
    public Expectation expectation() {
        Planner.Choice choice = planned.choice();
        return choice.estimate() == null
                ? new Expectation(0, 0, 0)
                : new Expectation(
                        choice.brute().survivors(),
                        choice.estimate().seconds(),
                        choice.estimate().pass());
    }

    /** How many edges {@link #run()} has memory for, whatever their number is limited to. */
    public long edgesThatFit() {
        try (PlannedRange all = planned.range(query.rows())) {
            return RangeSearch.edgesThatFit(query, all);
        }
    }

    /** All rows of {@code wholes}, in ranges of about as many pairs as {@code parts} equal parts of the query have. */
    public List<RowRange> cut(List<RowRange> wholes, int parts) {
        double pairsEach = (double) query.pairs(neurons, query.rows()) / parts;
        return RangeCut.of(wholes, neurons, query, pairsEach);
    }

    /** Finds all edges. The caller closes the result. */
    public Correlation run() {
        return run(query.rows(), null);
    }

    /** Gives {@code sink} the edges whose smaller neuron is in {@code rows}, which are among those of the query. */
    public Correlation run(RowRange rows, EdgeSink sink) {
        long all = query.pairs(neurons, query.rows());
        long before = rows.first() <= query.rows().first()
                ? 0
                : query.pairs(neurons, new RowRange(query.rows().first(), rows.first()));
        Progress shifted = (stage, done, total) -> {
            boolean ofPairs = stage.equals(TileSearch.STAGE);
            progress.report(stage, ofPairs ? before + done : done, ofPairs ? all : total);
        };
        try (PlannedRange range = planned.range(rows);
                RangeSearch search = new RangeSearch(layer, query, range, sink, kernels, workers, shifted)) {
            return search.run((double) before / all, (double) range.region().pairs() / all, seconds);
        }
    }

    private <T> T timed(String part, Supplier<T> work) {
        long start = System.nanoTime();
        T result = work.get();
        seconds.merge(part, Math.round((System.nanoTime() - start) * 1e-5) * 1e-4, Double::sum);
        return result;
    }

    @Override
    public void close() {
        planned.close();
    }
}
