package dev.morula.correlate;

import dev.morula.correlate.CorrelationPlan.Method;
import dev.morula.correlate.Planner.Choice;
import dev.morula.kernel.ElementType;
import dev.morula.kernel.Kernels;
import dev.morula.kernel.Matrix;
import dev.morula.kernel.Progress;
import dev.morula.kernel.ScreenKernels.Basis;
import dev.morula.kernel.ScreenKernels.Screen;
import dev.morula.kernel.ScreenKernels.Sense;
import dev.morula.kernel.Workers;
import dev.morula.standardise.StandardisedLayer;
import java.util.Arrays;

/**
 * A plan with all it takes to be carried out.
 *
 * @param plan what will be done
 * @param positions the neurons, in the order in which they are looked at
 * @param projections those of the neurons, in that order; null for {@link Method#BRUTE}
 * @param rows what rules pairs out
 * @param bytes what all this takes, panels, workspaces and survivor lists of the search included
 */
record Planned(CorrelationPlan plan, Positions positions, Matrix projections, PackedRows rows, long bytes)
        implements AutoCloseable {

    static Planned of(
            Choice choice,
            StandardisedLayer layer,
            CorrelationQuery query,
            Kernels kernels,
            Workers workers,
            Progress progress) {
        int[] neurons = layer.correlated();
        if (choice.method() == Method.BRUTE) {
            Positions positions = new Positions(neurons);
            PackedRows rows = new LayerRows(layer, positions, query.threshold(), query.sign(), kernels);
            return of(choice, layer, positions, null, rows, query, kernels, workers);
        }
        Basis basis = choice.directions();
        Matrix projections;
        int[] order;
        try (Matrix projected = Projections.of(layer, neurons, basis, kernels, workers, progress)) {
            order = NeuronOrder.of(projected, kernels, workers);
            projections = ordered(projected, order);
        }
        double error = kernels.screen().projectionError(basis, layer.samples());
        Screen screen = new Screen(basis.rank(), basis.deviation(), error, Sense.CORRELATION);
        PackedRows rows = new ScreenRows(projections, screen, query.threshold(), query.sign(), kernels);
        Positions positions =
                new Positions(Arrays.stream(order).map(i -> neurons[i]).toArray());
        return of(choice, layer, positions, projections, rows, query, kernels, workers);
    }

    private static Planned of(
            Choice choice,
            StandardisedLayer layer,
            Positions positions,
            Matrix projections,
            PackedRows rows,
            CorrelationQuery query,
            Kernels kernels,
            Workers workers) {
        long taken = projections == null ? 0 : projections.bytes();
        long refining = Refinement.bytes(
                positions.count(), layer.samples(), layer.view().values().type(), workers.count());
        TilePlan tiles = TilePlan.choose(
                kernels,
                Math.max(positions.count(), 1),
                rows.columns(),
                rows.packingBytes(),
                workers.count(),
                query.memory() - taken - refining);
        CorrelationPlan plan = new CorrelationPlan(choice.method(), choice.rank(), tiles);
        return new Planned(plan, positions, projections, rows, taken + tiles.bytes());
    }

    private static Matrix ordered(Matrix rows, int[] order) {
        Matrix ordered = Matrix.allocate(ElementType.F32, rows.rows(), rows.columns());
        for (int to = 0; to < order.length; to++) {
            rows.copyTo(order[to] * rows.columns(), ordered, to * rows.columns(), rows.columns());
        }
        return ordered;
    }

    @Override
    public void close() {
        positions.close();
        if (projections != null) {
            projections.close();
        }
    }
}
