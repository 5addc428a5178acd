package dev.morula.correlate;

import dev.morula.MorulaException;
import dev.morula.kernel.ElementType;
import dev.morula.kernel.Kernels;
import dev.morula.kernel.Kernels.Selection;
import dev.morula.kernel.Matrix;
import dev.morula.kernel.Progress;
import dev.morula.kernel.Workers;
import dev.morula.standardise.StandardisedLayer;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Finds the strongest partners of each neuron. A few pairs of each give a proven lower bound of what they must reach;
 * fast products rule out the pairs that are below the bounds of both their neurons; the rest is refined, and raises the
 * bounds as it goes. The result does not depend on the plan, the tier, the number of threads or the tile sizes.
 */
public final class StrongestSearch implements AutoCloseable {
    private static final int ROUND = 8; // candidates of a round, in partners wanted: the more, the later bounds rise
    private static final long LEAST_ROUND = 1 << 16;

    private final StandardisedLayer layer;
    private final StrongestQuery query;
    private final Kernels kernels;
    private final Workers workers;
    private final Progress progress;
    private final Map<String, Double> seconds = new LinkedHashMap<>();
    private final Planned planned;
    private final PlannedRange range;
    private final StrongestRows strongest;
    private final double[] bounds; // of each position
    private final Matrix thresholds; // the same, for the search
    private final TileSearch search;
    private final Candidates candidates;
    private final EdgeList round = new EdgeList();
    private long survivors;

    private StrongestSearch(
            StandardisedLayer layer, StrongestQuery query, Kernels kernels, Workers workers, Progress progress) {
        this.layer = layer;
        this.query = query;
        this.kernels = kernels;
        this.workers = workers;
        this.progress = progress;
        long rest = requireMemory();
        this.planned = prepare(query.pairs().withMemory(rest));
        this.range = planned.range(RowRange.ALL);
        Positions positions = range.positions();
        this.strongest = new StrongestRows(layer, query, kernels, workers);
        this.bounds = new double[positions.count()];
        Arrays.fill(bounds, query.threshold());
        this.thresholds = Matrix.allocate(ElementType.F64, 1, Math.max(1, bounds.length));
        thresholds.write(0, bounds, 0, bounds.length);
        TilePlan tiles = range.plan().tiles();
        this.search = new TileSearch(range.rows(), tiles, thresholds, range.region(), kernels, workers, progress);
        long fitting = (rest - range.bytes()) / 2 / (Candidates.BYTES + EdgeList.BYTES);
        long wanted = Math.max(LEAST_ROUND, (long) ROUND * query.most() * bounds.length);
        this.candidates = new Candidates(Math.max(1, Math.min(fitting, wanted)), workers.count());
    }

    /** What is left beside the strongest partners. */
    private long requireMemory() {
        long neurons = layer.neurons();
        ElementType type = layer.view().values().type();
        long least = Correlator.leastBytes(kernels, neurons, layer.samples(), type, workers.count());
        long partners = bytes(neurons, query.most());
        if (query.pairs().memory() < least + partners) {
            throw MorulaException.resources(
                    "the %,d strongest partners of %,d neurons and the search for them need %,d bytes of memory, but %,d are "
                            + "left",
                    query.most(), neurons, least + partners, query.pairs().memory());
        }
        return query.pairs().memory() - partners;
    }

    /** Bytes that the {@code most} strongest partners of each of {@code neurons} neurons take, found and collected. */
    public static long bytes(long neurons, long most) {
        return StrongestRows.bytes(neurons, most) + neurons * (most * (Integer.BYTES + Float.BYTES) + Double.BYTES);
    }

    /**
     * What was found, and what it took.
     *
     * @param partners the strongest partners; the caller closes them
     * @param work how they were found; its list of edges is empty
     */
    public record Found(StrongestPartners partners, Correlation work) implements AutoCloseable {
        @Override
        public void close() {
            partners.close();
            work.close();
        }
    }

    /** Searches among the neurons of {@code layer} that have a correlation at all. The caller closes the result. */
    public static Found run(
            StandardisedLayer layer, StrongestQuery query, Kernels kernels, Workers workers, Progress progress) {
        query.requireFewerThan(layer.neurons());
        try (StrongestSearch search = new StrongestSearch(layer, query, kernels, workers, progress)) {
            return search.run();
        }
    }

    private Planned prepare(CorrelationQuery pairs) {
        Planner.Choice choice = timed("plan", () -> choose(pairs));
        // Each position has a threshold of its own: rows only have to say how far their products may be off.
        return timed("project", () -> Planned.of(choice, layer, pairs.withThreshold(0), kernels, workers, progress));
    }

    private Planner.Choice choose(CorrelationQuery pairs) {
        int[] neurons = layer.correlated();
        if (neurons.length < Planner.FEWEST || pairs.plan() == PlanChoice.BRUTE) {
            return Planner.Choice.BRUTE;
        }
        try (NeuronSample sample = NeuronSample.of(layer, neurons, kernels, workers)) {
            double[] sampleBounds = SampleBounds.of(sample, neurons.length, query, kernels, workers);
            long all = pairs.pairs(neurons, RowRange.ALL);
            return Planner.choose(sample, sampleBounds, neurons.length, all, pairs.withThreshold(0), kernels, workers);
        }
    }

    private Found run() {
        try (Refinement refinement = refinement()) {
            timed("bounds", () -> seed(refinement));
        }
        strongest.clear(); // the search finds all of them again
        try (Refinement refinement = refinement()) {
            while (!search.isDone()) {
                timed("search", () -> search.fill(candidates));
                survivors += candidates.count();
                timed("refine", () -> refine(refinement));
            }
            progress.report(TileSearch.STAGE, pairs(), pairs());
            StrongestPartners partners = timed("settle", () -> strongest.settle(range.positions()));
            return new Found(partners, work(refinement));
        }
    }

    private Refinement refinement() {
        Selection selection = new Selection(range.positions().list(), query.threshold(), query.sign());
        return new Refinement(layer, range.positions(), selection, kernels, workers, progress);
    }

    /** The projections of the positions; null if the plan has none. */
    private ScreenRows screenRows() {
        return range.rows() instanceof ScreenRows rows ? rows : null;
    }

    private void seed(Refinement refinement) {
        SeedPairs seeds = new SeedPairs(screenRows(), bounds.length, query.most(), query.sign(), kernels, workers);
        while (!seeds.isDone()) {
            seeds.fill(candidates);
            refine(refinement);
        }
    }

    private void refine(Refinement refinement) {
        refinement.run(candidates, (pairs, values, count, decided) -> round.add(pairs, values, count));
        candidates.clear();
        strongest.take(round);
        raiseBounds();
    }

    private void raiseBounds() {
        float[] least = strongest.least();
        for (int position = 0; position < bounds.length; position++) {
            bounds[position] =
                    Math.max(bounds[position], least[range.positions().neuron(position)]);
        }
        thresholds.write(0, bounds, 0, bounds.length);
    }

    private long pairs() {
        return bounds.length * (bounds.length - 1L) / 2;
    }

    private Correlation work(Refinement refinement) {
        Contests contests = strongest.contests();
        long inDoubleDouble = refinement.inDoubleDouble() + contests.inDoubleDouble();
        long open = refinement.inFloat64() + refinement.inDoubleDouble() + contests.inFloat64();
        List<StageReport> stages = List.of(
                new StageReport("bounds", pairs(), pairs(), seconds.get("bounds")),
                new StageReport(
                        StageReport.name(range.plan().method()),
                        pairs(),
                        survivors,
                        seconds.getOrDefault("search", 0.0)),
                new StageReport("float32", survivors, open, seconds.getOrDefault("refine", 0.0)),
                new StageReport("float64", open, inDoubleDouble, seconds.get("settle")),
                new StageReport("double-double", inDoubleDouble, 0, 0));
        return new Correlation(
                new EdgeList(),
                pairs(),
                survivors,
                refinement.inFloat32(),
                open - inDoubleDouble,
                inDoubleDouble,
                range.plan(),
                stages,
                seconds.get("plan"),
                seconds.get("project"));
    }

    private void timed(String part, Runnable work) {
        timed(part, () -> {
            work.run();
            return null;
        });
    }

    private <T> T timed(String part, Supplier<T> work) {
        long start = System.nanoTime();
        T result = work.get();
        seconds.merge(part, Math.round((System.nanoTime() - start) * 1e-5) * 1e-4, Double::sum);
        return result;
    }

    @Override
    public void close() {
        round.close();
        candidates.close();
        search.close();
        thresholds.close();
        strongest.close();
        range.close();
        planned.close();
    }
}
