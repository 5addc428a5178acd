package dev.morula.cli;

import dev.morula.activations.Activations;
import dev.morula.activations.Layout;
import dev.morula.correlate.Correlation;
import dev.morula.correlate.CorrelationQuery;
import dev.morula.correlate.Correlator;
import dev.morula.correlate.DegreeCounter;
import dev.morula.correlate.Forecast;
import dev.morula.correlate.PlanChoice;
import dev.morula.correlate.StrongestQuery;
import dev.morula.correlate.StrongestSearch;
import dev.morula.graph.CorrelationGraph;
import dev.morula.graph.GraphFile;
import dev.morula.graph.Partners;
import dev.morula.graph.Triangle;
import dev.morula.kernel.Matrix;
import dev.morula.kernel.Metric;
import dev.morula.kernel.PeakMemory;
import dev.morula.kernel.Sign;
import dev.morula.standardise.NeuronState;
import dev.morula.standardise.StandardisedLayer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Correlates a layer, whose input is opened at once, and writes its graph if that is wanted. */
final class CorrelateStage {
    private final Engine engine;
    private final Request request;
    private final Results results;
    private final LayerSource source;
    private final QueryStage queries;
    private final Stopwatch stopwatch = new Stopwatch();
    private ShardStage shard; // null but for one

    CorrelateStage(Engine engine, Request request) {
        this(engine, request, Results.WRITTEN);
    }

    CorrelateStage(Engine engine, Request request, Results results) {
        this.engine = engine;
        this.request = request;
        this.results = results;
        this.source = LayerSource.open(engine, request, results == Results.REPORTED);
        this.queries = new QueryStage(engine, request.queries());
    }

    /** What becomes of the graph and its summary. */
    enum Results {
        /** They are written to {@link Request#out()} and beside it. */
        WRITTEN,
        /** The same, and a report looks at the layer, which for that has to be neuron-major. */
        REPORTED,
        /** They are for the caller alone; scratch files lie beside {@link Request#out()} all the same. */
        RETURNED
    }

    /** What to correlate, and how; {@code topK}: how many partners of each neuron, null for all that reach the threshold. */
    record Request(
            List<String> input,
            Layout layout,
            Metric metric,
            Sign sign,
            double threshold,
            long mostEdges,
            NonFinite nonFinite,
            Triangle triangle,
            Path out,
            Queries queries,
            PlanChoice plan,
            Integer topK,
            Division division) {

        /** The file whose name the summary takes: the graph, or the degrees where no graph is written. */
        Path result() {
            return out == null ? queries.degrees() : out;
        }
    }

    /** What to do with neurons that are NaN or infinite on some sample. */
    enum NonFinite {
        REFUSE,
        DROP
    }

    /** The layer and its graph, both still open; the graph is null if none was to be written. */
    record Correlated(Matrix values, StandardisedLayer layer, CorrelationGraph graph, CorrelationSummary summary)
            implements AutoCloseable {
        @Override
        public void close() {
            if (graph != null) {
                graph.close();
            }
            layer.close();
            values.close();
        }
    }

    private CorrelationQuery query() {
        return CorrelationQuery.atLeast(request.threshold())
                .withSign(request.sign())
                .withMostEdges(request.mostEdges())
                .withMemory(engine.matrixBytes())
                .withPlan(request.plan());
    }

    /** Says what {@link #run} would take and give, and reads no more than a sample of the neurons for it. */
    DryRunSummary forecast() {
        Metric metric = request.metric() == Metric.SPEARMAN ? Metric.PEARSON : request.metric();
        Forecast forecast = Forecast.of(source.activations(), metric, query(), engine.kernels(), engine.workers());
        return DryRunSummary.of(source.activations(), source.isInPlace(), forecast, engine);
    }

    Correlated run() {
        CorrelationQuery unbounded = query();
        Activations activations = source.activations();
        if (request.topK() != null) {
            new StrongestQuery(request.topK(), unbounded).requireFewerThan(activations.neurons());
        }
        long correlating = source.leastBytes();
        engine.requireMemory(correlating, what(activations));
        long moments = source.momentsBytes();
        long least = Math.max(
                correlating, moments + queries.requireRoom(activations.neurons(), activations.samples(), moments));
        if (request.division() instanceof Division.Shard division) {
            shard = ShardStage.open(engine, request, division.rows(), activations.neurons());
        }
        try (JournalStage journal = JournalStage.open(engine, request, activations.neurons());
                PeakMemory memory = PeakMemory.open()) {
            Matrix values = stopwatch.time("read", () -> source.read(least));
            try {
                StandardisedLayer layer = stopwatch.time("standardise", () -> source.standardise(values, least));
                try {
                    return correlate(values, layer, unbounded, journal, memory);
                } catch (RuntimeException | Error e) {
                    layer.close();
                    throw e;
                }
            } catch (RuntimeException | Error e) {
                values.close();
                throw e;
            }
        }
    }

    private String what(Activations activations) {
        String correlating = String.format("correlating neurons of %,d samples", activations.samples());
        return request.topK() == null
                ? correlating
                : String.format(
                        "%s and keeping the %,d strongest partners of %,d neurons",
                        correlating, request.topK(), activations.neurons());
    }

    private Correlated correlate(
            Matrix values,
            StandardisedLayer layer,
            CorrelationQuery unbounded,
            JournalStage journal,
            PeakMemory memory) {
        CorrelationQuery query = unbounded.withMemory(engine.matrixBytes() - source.takenBytes());
        queries.write(layer, name(request.metric()), stopwatch);
        if (request.topK() != null) {
            return findStrongest(values, layer, query, memory);
        } else if (request.out() == null) {
            return countDegrees(values, layer, query, memory);
        }
        if (request.division() instanceof Division.Shard division) {
            return writeShard(values, layer, query.withRows(division.rows()), memory);
        } else if (journal.isComplete()) {
            return assemble(values, layer, query, Correlation.nothing(), journal, memory);
        }
        try (Correlator correlator = stopwatch.time("correlate", () -> prepare(layer, query))) {
            if (journal.isNeeded(correlator)) {
                Correlation found = stopwatch.time("correlate", () -> journal.run(correlator));
                return assemble(values, layer, query, found, journal, memory);
            }
            return inOnePiece(values, layer, stopwatch.time("correlate", () -> correlator.run()), memory);
        }
    }

    private Correlator prepare(StandardisedLayer layer, CorrelationQuery query) {
        return Correlator.prepare(layer, query, engine.kernels(), engine.workers(), engine.progress());
    }

    private Correlated inOnePiece(Matrix values, StandardisedLayer layer, Correlation found, PeakMemory memory) {
        CorrelationGraph graph = stopwatch.time("graph", () -> {
            try (found) {
                return CorrelationGraph.of(found.edges(), layer.neurons(), engine.kernels(), engine.workers());
            }
        });
        try {
            if (results != Results.RETURNED) {
                stopwatch.run("write", () -> GraphFile.write(request.out(), graph, request.triangle()));
                queries.writePartners(layer, () -> Partners.of(graph));
            }
            return new Correlated(values, layer, graph, summarise(layer, graph.edges(), found, null, memory));
        } catch (RuntimeException | Error e) {
            graph.close();
            throw e;
        }
    }

    private Correlated findStrongest(
            Matrix values, StandardisedLayer layer, CorrelationQuery query, PeakMemory memory) {
        StrongestQuery strongest = new StrongestQuery(request.topK(), query);
        try (StrongestSearch.Found found = stopwatch.time(
                "correlate",
                () -> StrongestSearch.run(layer, strongest, engine.kernels(), engine.workers(), engine.progress()))) {
            stopwatch.run("write", () -> GraphFile.write(request.out(), found.partners()));
            long partners = found.partners().entries();
            return new Correlated(values, layer, null, summarise(layer, partners, found.work(), null, memory));
        }
    }

    /** The journal's part of the work is done; the graph is assembled from it, and does not come to be in memory. */
    private Correlated assemble(
            Matrix values,
            StandardisedLayer layer,
            CorrelationQuery query,
            Correlation found,
            JournalStage journal,
            PeakMemory memory) {
        long edges = stopwatch.time("write", () -> journal.assemble(layer, query.memory(), queries));
        CorrelationSummary summary = summarise(layer, edges, found, journal.ranges(), memory);
        journal.finish();
        return new Correlated(values, layer, null, summary);
    }

    private Correlated writeShard(Matrix values, StandardisedLayer layer, CorrelationQuery query, PeakMemory memory) {
        Correlation found = stopwatch.time("correlate", () -> shard.run(layer, query));
        return new Correlated(values, layer, null, summarise(layer, shard.edges(), found, null, memory));
    }

    private CorrelationSummary summarise(
            StandardisedLayer layer,
            long edges,
            Correlation found,
            CorrelationSummary.Ranges ranges,
            PeakMemory memory) {
        CorrelationSummary summary = summary(layer, edges, found, ranges, memory.peakBytes());
        if (results != Results.RETURNED) {
            Json.write(RunFolder.summaryOf(request.result()), summary);
        }
        return summary;
    }

    private Correlated countDegrees(Matrix values, StandardisedLayer layer, CorrelationQuery query, PeakMemory memory) {
        try (DegreeCounter counter = new DegreeCounter(layer.neurons(), engine.kernels());
                Correlation found = stopwatch.time(
                        "correlate",
                        () -> Correlator.run(
                                layer, query, counter, engine.kernels(), engine.workers(), engine.progress()))) {
            long[] degrees = counter.degrees();
            stopwatch.run("write", () -> queries.writeDegrees(degrees));
            long edges = Arrays.stream(degrees).sum() / 2;
            return new Correlated(values, layer, null, summarise(layer, edges, found, null, memory));
        }
    }

    private CorrelationSummary summary(
            StandardisedLayer layer,
            long edges,
            Correlation found,
            CorrelationSummary.Ranges ranges,
            long peakAnonymousBytes) {
        long neverActive = layer.count(NeuronState.NEVER_ACTIVE);
        return new CorrelationSummary(
                request.input(),
                name(request.layout()),
                name(request.metric()),
                request.sign() == Sign.ABSOLUTE,
                request.topK() != null && request.threshold() == -1 ? null : request.threshold(),
                layer.neurons(),
                layer.samples(),
                layer.count(NeuronState.CONSTANT) + neverActive,
                neverActive,
                layer.count(NeuronState.NON_FINITE),
                edges,
                found.pairs(),
                found.survivors(),
                found.inFloat32(),
                found.inFloat64(),
                found.inDoubleDouble(),
                Queries.name(request.out()),
                name(request.triangle()),
                engine.kernels().device(),
                engine.kernels().tier().toString(),
                engine.workers().count(),
                source.scratch(),
                CorrelationSummary.Plan.of(found),
                peakAnonymousBytes,
                stopwatch.seconds(),
                Queries.name(request.queries().degrees()),
                Queries.name(request.queries().histogram()),
                Queries.name(request.queries().matrix()),
                found.stages(),
                request.topK(),
                Queries.name(request.queries().neurons()),
                request.division() instanceof Division.Shard division
                        ? division.rows().toString()
                        : null,
                ranges);
    }

    private static String name(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
