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
import dev.morula.kernel.ElementType;
import dev.morula.kernel.Kernels;
import dev.morula.kernel.Matrix;
import dev.morula.kernel.MatrixAllocator;
import dev.morula.kernel.Metric;
import dev.morula.kernel.PeakMemory;
import dev.morula.kernel.Sign;
import dev.morula.kernel.Stage;
import dev.morula.standardise.NeuronState;
import dev.morula.standardise.StandardisedLayer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;

/** Reads a layer, standardises and correlates it, and writes its graph if that is wanted. */
final class CorrelateStage {
    private static final Stage READ = new Stage("read", Stage.Unit.BYTES);

    private final Engine engine;
    private final Request request;
    private final Results results;
    private final QueryStage queries;
    private final Stopwatch stopwatch = new Stopwatch();
    private ShardStage shard; // null but for one
    private String scratch = "none";
    private long matrixBytesTaken;

    CorrelateStage(Engine engine, Request request) {
        this(engine, request, Results.WRITTEN);
    }

    CorrelateStage(Engine engine, Request request, Results results) {
        this.engine = engine;
        this.request = request;
        this.results = results;
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
        Activations activations = Activations.open(request.input(), request.layout());
        Metric metric = request.metric() == Metric.SPEARMAN ? Metric.PEARSON : request.metric();
        Forecast forecast = Forecast.of(activations, metric, query(), engine.kernels(), engine.workers());
        return DryRunSummary.of(activations, isInPlace(activations), forecast, engine);
    }

    Correlated run() {
        CorrelationQuery unbounded = query();
        Activations activations = Activations.open(request.input(), request.layout());
        if (request.topK() != null) {
            new StrongestQuery(request.topK(), unbounded).requireFewerThan(activations.neurons());
        }
        long correlating = leastBytes(activations);
        engine.requireMemory(correlating, what(activations));
        long moments = momentsBytes(activations.neurons());
        long least = Math.max(
                correlating, moments + queries.requireRoom(activations.neurons(), activations.samples(), moments));
        if (request.division() instanceof Division.Shard division) {
            shard = ShardStage.open(engine, request, division.rows(), activations.neurons());
        }
        try (JournalStage journal = JournalStage.open(engine, request, activations.neurons());
                PeakMemory memory = PeakMemory.open()) {
            Matrix values = stopwatch.time("read", () -> read(activations, least));
            try {
                StandardisedLayer layer = stopwatch.time("standardise", () -> standardise(activations, values, least));
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

    /** What correlating takes at least, beside transposed activations, which may go to a file. */
    private long leastBytes(Activations activations) {
        long partners = request.topK() == null ? 0 : StrongestSearch.bytes(activations.neurons(), request.topK());
        return momentsBytes(activations.neurons())
                + partners
                + Correlator.leastBytes(
                        engine.kernels(),
                        activations.neurons(),
                        activations.samples(),
                        activations.type(),
                        engine.workers().count());
    }

    private static long momentsBytes(long neurons) {
        return neurons * Kernels.MOMENTS * ElementType.F64.bytes();
    }

    /** Whether the activations are correlated as they lie in their file, without a copy. */
    private boolean isInPlace(Activations activations) {
        return activations.isSampleMajor()
                && results != Results.REPORTED
                && request.metric() != Metric.SPEARMAN
                && !request.queries().lookAtTheLayer();
    }

    private Matrix read(Activations activations, long least) {
        if (isInPlace(activations)) {
            return activations.sampleMajor();
        }
        AtomicLong done = new AtomicLong();
        return activations.neuronMajor(allocator(least), engine.kernels(), engine.workers(), bytes -> {
            synchronized (done) {
                engine.progress().report(READ, done.addAndGet(bytes), activations.bytes());
            }
        });
    }

    /** Anonymous memory while half of it and {@code least} bytes remain, else an unlinked file beside the output. */
    private MatrixAllocator allocator(long least) {
        long most = Math.min(engine.matrixBytes() / 2, engine.matrixBytes() - least);
        Path folder = request.result().toAbsolutePath().getParent();
        return (type, rows, columns) -> {
            long bytes = rows * columns * type.bytes();
            if (bytes <= most - matrixBytesTaken) {
                scratch = scratch.equals("none") ? "memory" : scratch;
                matrixBytesTaken += bytes;
                return Matrix.allocate(type, rows, columns);
            }
            scratch = "file";
            return Matrix.scratch(folder, type, rows, columns);
        };
    }

    private StandardisedLayer standardise(Activations activations, Matrix values, long least) {
        StandardisedLayer layer = isInPlace(activations)
                ? StandardisedLayer.measureInPlace(
                        values, request.metric(), engine.kernels(), engine.workers(), engine.progress())
                : StandardisedLayer.measure(
                        values,
                        request.metric(),
                        allocator(least),
                        engine.kernels(),
                        engine.workers(),
                        engine.progress());
        try {
            if (request.nonFinite() == NonFinite.REFUSE) {
                layer.requireFinite(String.join(", ", request.input()));
            }
            return layer;
        } catch (RuntimeException | Error e) {
            layer.close();
            throw e;
        }
    }

    private Correlated correlate(
            Matrix values,
            StandardisedLayer layer,
            CorrelationQuery unbounded,
            JournalStage journal,
            PeakMemory memory) {
        long taken = matrixBytesTaken + momentsBytes(layer.neurons());
        CorrelationQuery query = unbounded.withMemory(engine.matrixBytes() - taken);
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
                scratch,
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
