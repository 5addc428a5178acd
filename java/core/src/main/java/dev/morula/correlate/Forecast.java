package dev.morula.correlate;

import dev.morula.activations.Activations;
import dev.morula.correlate.Planner.Choice;
import dev.morula.kernel.Kernels;
import dev.morula.kernel.Matrix;
import dev.morula.kernel.Metric;
import dev.morula.kernel.Progress;
import dev.morula.kernel.Workers;
import dev.morula.standardise.StandardisedLayer;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What correlating a layer is expected to take and to give, from a sample of its neurons; nothing else of it is read.
 *
 * @param method what would rule pairs out
 * @param rank numbers of a projection; 0 for brute force
 * @param pairs pairs of neurons, those without a correlation left out
 * @param edges expected edges
 * @param stages expected pairs and seconds of every stage
 * @param projectSeconds expected seconds of projecting the neurons
 * @param bytes expected memory for moments, projections, panels, candidates and edges
 */
public record Forecast(
        CorrelationPlan.Method method,
        int rank,
        long pairs,
        long edges,
        List<StageReport> stages,
        double projectSeconds,
        long bytes) {
    /** Forecasts for {@code activations}, by Pearson's metric or cosine; null for layers that are too small to tell. */
    public static Forecast of(
            Activations activations, Metric metric, CorrelationQuery query, Kernels kernels, Workers workers) {
        int neurons = Math.toIntExact(activations.neurons());
        int[] chosen = NeuronSample.choose(IntStream.range(0, neurons).toArray());
        try (Matrix values = activations.excerpt(chosen, kernels);
                StandardisedLayer layer = StandardisedLayer.measure(values, metric, kernels, workers, Progress.NONE)) {
            int[] correlated = layer.correlated();
            if (correlated.length < Planner.FEWEST) {
                return null;
            }
            long expected = (long) (neurons * ((double) correlated.length / chosen.length));
            try (NeuronSample sample = NeuronSample.ofAll(layer, correlated, kernels, workers);
                    Choice choice =
                            Planner.choose(sample, expected, expected * (expected - 1) / 2, query, kernels, workers)) {
                return of(choice, expected, activations, query, kernels, workers);
            }
        }
    }

    private static Forecast of(
            Choice choice,
            long neurons,
            Activations activations,
            CorrelationQuery query,
            Kernels kernels,
            Workers workers) {
        Estimate estimate = choice.estimate();
        long pairs = neurons * (neurons - 1) / 2;
        long survivors = Math.round(estimate.survivors());
        long edges = Math.min(survivors, Math.round(choice.brute().survivors()));
        String first = StageReport.name(choice.method());
        List<StageReport> stages = List.of(
                new StageReport(first, pairs, survivors, estimate.search()),
                new StageReport("float32", survivors, 0, estimate.refine()));
        long least =
                Correlator.leastBytes(kernels, neurons, activations.samples(), activations.type(), workers.count());
        long bytes = least
                + neurons * Kernels.MOMENTS * Double.BYTES
                + 2 * neurons * choice.rank() * Float.BYTES
                + survivors * Candidates.BYTES
                + edges * EdgeList.ASSEMBLY_BYTES;
        return new Forecast(
                choice.method(),
                choice.rank(),
                pairs,
                edges,
                stages,
                estimate.project(),
                Math.min(bytes, Math.max(least, query.memory())));
    }
}
