package dev.morula.correlate;

import dev.morula.correlate.CorrelationPlan.Method;
import dev.morula.correlate.Planner.Choice;
import dev.morula.kernel.Kernels;
import dev.morula.kernel.Matrix;
import dev.morula.kernel.Progress;
import dev.morula.kernel.ScreenKernels.Basis;
import dev.morula.kernel.ScreenKernels.Screen;
import dev.morula.kernel.ScreenKernels.Sense;
import dev.morula.kernel.Workers;
import dev.morula.standardise.StandardisedLayer;
import java.util.Arrays;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/** A plan with all it takes to carry it out, for all pairs or one range of rows after the other. */
final class Planned implements AutoCloseable {
    private final Choice choice;
    private final StandardisedLayer layer;
    private final CorrelationQuery query;
    private final Kernels kernels;
    private final Workers workers;
    private final int[] neurons; // those that the query is about, ascending
    private final Matrix projections; // of these neurons, in that order; null for products over all samples
    private final int[] order; // places in that list, like neurons next to each other

    private Planned(
            Choice choice,
            StandardisedLayer layer,
            CorrelationQuery query,
            Kernels kernels,
            Workers workers,
            Progress progress) {
        this.choice = choice;
        this.layer = layer;
        this.query = query;
        this.kernels = kernels;
        this.workers = workers;
        this.neurons = query.neurons(layer);
        this.projections = choice.method() == Method.BRUTE ? null : project(progress);
        this.order = projections == null
                ? IntStream.range(0, neurons.length).toArray()
                : NeuronOrder.of(projections, kernels, workers);
    }

    static Planned of(
            Choice choice,
            StandardisedLayer layer,
            CorrelationQuery query,
            Kernels kernels,
            Workers workers,
            Progress progress) {
        return new Planned(choice, layer, query, kernels, workers, progress);
    }

    private Matrix project(Progress progress) {
        return Projections.of(layer, neurons, choice.directions(), kernels, workers, progress);
    }

    Choice choice() {
        return choice;
    }

    /** What looking at those pairs of the query takes that are in {@code rows}; the caller closes it. */
    PlannedRange range(RowRange rows) {
        int[] left = places(neuron -> rows.contains(neuron));
        int[] right = places(neuron -> neuron >= Math.max(rows.end(), query.firstColumn()));
        int[] places = IntStream.concat(IntStream.of(left), IntStream.of(right)).toArray();
        PairRegion region = new PairRegion(places.length, left.length, query.firstColumn() == 0 ? 0 : left.length);
        Positions positions =
                new Positions(Arrays.stream(places).map(place -> neurons[place]).toArray());
        PackedRows packed = projections == null
                ? new LayerRows(layer, positions, query.threshold(), query.sign(), kernels)
                : new ScreenRows(projections, places, screen(), query.threshold(), query.sign(), kernels);
        long taken = projections == null ? 0 : projections.bytes();
        long refining = Refinement.bytes(
                places.length, layer.samples(), layer.view().values().type(), workers.count());
        TilePlan tiles = TilePlan.choose(
                kernels,
                Math.max(places.length, 1),
                packed.columns(),
                packed.packingBytes(),
                workers.count(),
                query.memory() - taken - refining);
        CorrelationPlan plan = new CorrelationPlan(choice.method(), choice.rank(), tiles);
        return new PlannedRange(plan, positions, region, packed, taken + refining + tiles.bytes());
    }

    private int[] places(IntPredicate chosen) {
        return Arrays.stream(order).filter(place -> chosen.test(neurons[place])).toArray();
    }

    private Screen screen() {
        Basis basis = choice.directions();
        double error = kernels.screen().projectionError(basis, layer.samples());
        return new Screen(basis.rank(), basis.deviation(), error, Sense.CORRELATION);
    }

    @Override
    public void close() {
        if (projections != null) {
            projections.close();
        }
        choice.close();
    }
}
