package dev.morula.cli;

import dev.morula.MorulaException;
import dev.morula.cluster.Clustering;
import dev.morula.correlate.Correlation;
import dev.morula.correlate.CorrelationQuery;
import dev.morula.correlate.Correlator;
import dev.morula.correlate.EdgeList;
import dev.morula.data.Split;
import dev.morula.graph.CorrelationGraph;
import dev.morula.kernel.Metric;
import dev.morula.network.Tap;
import dev.morula.redundancy.Features;
import dev.morula.redundancy.chunks.ChunkFits;
import dev.morula.redundancy.clones.CloneTest;
import dev.morula.redundancy.clones.CloneVerdict;
import dev.morula.redundancy.clones.Dealing;
import dev.morula.redundancy.clones.Types;
import dev.morula.standardise.NeuronState;
import dev.morula.standardise.StandardisedLayer;
import java.util.ArrayList;
import java.util.List;

/** Finds types of neurons on a run's train samples, deals them into clones, and tests these on its test samples. */
final class ClonesStage {
    private final Engine engine;
    private final Stopwatch stopwatch = new Stopwatch();

    ClonesStage(Engine engine) {
        this.engine = engine;
    }

    /**
     * What to look for.
     *
     * @param method of clustering, as the command line calls it
     * @param threshold least correlation of neurons that carry the same signal
     * @param clones how many to deal; null for what the types speak for
     * @param draws random deals to compare with
     */
    record Request(String method, double threshold, Integer clones, CloneTest.Draws draws) {}

    ClonesSummary run(RunFolder folder, Request request) {
        Clustering clustering = ClusterStage.clustering(request.method(), null);
        try (TrainedRun run = TrainedRun.open(engine, folder)) {
            Tap last = Tap.of(run.definition(), "last");
            requireMemory(run, last.shape().size());
            try (Features train = run.features(last, Split.TRAIN)) {
                Found found = stopwatch.time("types", () -> find(train, clustering, request.threshold()));
                int clones = request.clones() == null ? found.types.clones() : request.clones();
                CloneTest test = clones < 2 && request.clones() == null
                        ? null
                        : stopwatch.time("test", () -> test(run, last, train, found.types, clones, request.draws()));
                return summary(folder, request, train.neurons(), found, test);
            }
        }
    }

    private void requireMemory(TrainedRun run, long neurons) {
        long samples =
                run.samples(Split.TRAIN).count() + run.samples(Split.TEST).count();
        engine.requireMemory(
                Float.BYTES * neurons * samples + ChunkFits.bytes(neurons, (neurons + 1) / 2, engine.workers()),
                String.format("testing clones of %,d neurons", neurons));
    }

    private record Found(Types types, int constant) {}

    private Found find(Features train, Clustering clustering, double threshold) {
        long left = engine.matrixBytes() - train.activations().bytes();
        CorrelationQuery query = CorrelationQuery.atLeast(threshold)
                .withMemory(left / 2)
                .withMostEdges(Math.max(1, left / 2 / EdgeList.ASSEMBLY_BYTES));
        try (StandardisedLayer layer = StandardisedLayer.measureInPlace(
                        train.activations(), Metric.PEARSON, engine.kernels(), engine.workers(), engine.progress());
                Correlation found =
                        Correlator.run(layer, query, engine.kernels(), engine.workers(), engine.progress());
                CorrelationGraph graph =
                        CorrelationGraph.of(found.edges(), layer.neurons(), engine.kernels(), engine.workers())) {
            if (layer.count(NeuronState.NON_FINITE) > 0) {
                throw MorulaException.input(
                        "layer %s: %,d neurons are NaN or infinite on some train sample; a trained network has none",
                        train.name(), layer.count(NeuronState.NON_FINITE));
            }
            int[] correlated = layer.correlated();
            return new Found(Types.of(graph, correlated, clustering), layer.neurons() - correlated.length);
        }
    }

    private CloneTest test(TrainedRun run, Tap last, Features train, Types types, int clones, CloneTest.Draws draws) {
        Dealing dealing = Dealing.of(types, clones, draws.seed());
        try (Features test = run.features(last, Split.TEST)) {
            return CloneTest.run(types, dealing, train, test, run.readOut(), draws, engine.kernels(), engine.workers());
        }
    }

    private ClonesSummary summary(RunFolder folder, Request request, int neurons, Found found, CloneTest test) {
        Types types = found.types;
        List<ClonesSummary.Type> shared = new ArrayList<>();
        for (int type = 0; type < types.shared(); type++) { // the largest come first
            shared.add(new ClonesSummary.Type(types.representatives()[type], types.members()[type]));
        }
        return new ClonesSummary(
                folder.path().toString(),
                request.method(),
                request.threshold(),
                request.draws().seed(),
                neurons,
                found.constant,
                types.count(),
                types.shared(),
                types.sizes(),
                shared,
                test == null ? 0 : test.clones().size(),
                test,
                test == null ? CloneVerdict.none(types, request.threshold()) : CloneVerdict.of(test),
                stopwatch.seconds());
    }
}
