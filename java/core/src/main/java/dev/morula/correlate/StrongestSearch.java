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
    private final Map<String, Double> seconds = new LinkedHashMap<>();
    private final StrongestRows strongest;
    private final Planned planned;
    private final double[] bounds; // of each position
    private final Matrix thresholds; // the same, for the search
    private final TileSearch search;
    private final Refinement refinement;
    private final Candidates candidates;
    private final EdgeList round = new EdgeList();
    private long survivors;
    private long seedsInFloat32;

    private StrongestSearch(
            StandardisedLayer layer, StrongestQuery query, Kernels kernels, Workers workers, Progress progress) {
        this.layer = layer;
        this.query = query;
        this.kernels = kernels;
        this.workers = workers;
        long rest = query.pairs().memory() - bytes(layer.neurons(), query.most());
        if (rest <= 0) {
            throw MorulaException.resources(
                    "the %,d strongest partners of %,d neurons take %,d bytes of memory, but %,d are left",
                    query.most(),
                    layer.neurons(),
                    bytes(layer.neurons(), query.most()),
                    query.pairs().memory());
        }
        CorrelationQuery pairs = query.pairs().withMemory(rest);
        this.planned = prepare(pairs, progress);
        Positions positions = planned.positions();
        CorrelationPlan plan = planned.plan();
        this.strongest = new StrongestRows(layer, query, kernels, workers);
        this.bounds = new double[positions.count()];
        Arrays.fill(bounds, query.threshold());
        this.thresholds = Matrix.allocate(ElementType.F64, 1, Math.max(1, bounds.length));
        thresholds.write(0, bounds, 0, bounds.length);
        this.search =
                new TileSearch(planned.rows(), plan.tiles(), thresholds, positions.count(), kernels, workers, progress);
        Selection selection = new Selection(positions.list(), query.threshold(), query.sign());
        this.refinement = new Refinement(layer, positions, selection, kernels, workers, progress);
        long fixed = plan.tiles().bytes() + Refinement.bytes(positions.count(), workers.count());
        long fitting = Math.max(0, rest - fixed) / 2 / (Candidates.BYTES + EdgeList.BYTES);
        long wanted = Math.max(LEAST_ROUND, (long) ROUND * query.most() * positions.count());
        this.candidates = new Candidates(Math.max(1, Math.min(fitting, wanted)), workers.count());
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
            return search.run(progress);
        }
    }

    private Planned prepare(CorrelationQuery pairs, Progress progress) {
        int[] neurons = layer.correlated();
        double typical = timed("plan", () -> TypicalBound.of(layer, neurons, query, kernels, workers));
        try (Planner.Choice choice =
                timed("plan", () -> Planner.choose(layer, neurons, pairs.withThreshold(typical), kernels, workers))) {
            // Each neuron has a threshold of its own: what rows are packed for is how far products may be off.
            return timed(
                    "project", () -> Planned.of(choice, layer, pairs.withThreshold(0), kernels, workers, progress));
        }
    }

    private Found run(Progress progress) {
        SeedPairs seeds =
                new SeedPairs(planned.projections(), bounds.length, query.most(), query.sign(), kernels, workers);
        while (!seeds.isDone()) {
            timed("seed", () -> seeds.fill(candidates));
            refine("seed");
        }
        seedsInFloat32 = refinement.inFloat32();
        strongest.clear(); // the search finds all of them again
        while (!search.isDone()) {
            timed("search", () -> search.fill(candidates));
            survivors += candidates.count();
            refine("refine");
        }
        long pairs = bounds.length * (bounds.length - 1L) / 2;
        progress.report(TileSearch.STAGE, pairs, pairs);
        StrongestPartners partners = timed("settle", strongest::settle);
        return new Found(partners, work(pairs));
    }

    private void refine(String part) {
        timed(
                part,
                () -> refinement.run(candidates, (pairs, values, count, decided) -> round.add(pairs, values, count)));
        candidates.clear();
        timed("rank", () -> {
            strongest.take(round);
            raiseBounds();
        });
    }

    private void raiseBounds() {
        float[] least = strongest.least();
        for (int position = 0; position < bounds.length; position++) {
            bounds[position] =
                    Math.max(bounds[position], least[planned.positions().neuron(position)]);
        }
        thresholds.write(0, bounds, 0, bounds.length);
    }

    private Correlation work(long pairs) {
        return new Correlation(
                new EdgeList(),
                pairs,
                survivors,
                refinement.inFloat32() - seedsInFloat32,
                refinement.inFloat64() + strongest.inFloat64(),
                refinement.inDoubleDouble() + strongest.inDoubleDouble(),
                planned.plan(),
                seconds);
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
        seconds.merge(part, (System.nanoTime() - start) * 1e-9, Double::sum);
        return result;
    }

    @Override
    public void close() {
        round.close();
        candidates.close();
        refinement.close();
        search.close();
        thresholds.close();
        strongest.close();
        planned.close();
    }
}
