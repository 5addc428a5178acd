package dev.morula.cli;

import dev.morula.activations.Activations;
import dev.morula.activations.Layout;
import dev.morula.correlate.Correlation;
import dev.morula.correlate.CorrelationQuery;
import dev.morula.correlate.Correlator;
import dev.morula.correlate.TilePlan;
import dev.morula.graph.CorrelationGraph;
import dev.morula.graph.GraphFile;
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
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;

/** Reads a layer, standardises and correlates it, and writes its graph if that is wanted. */
final class CorrelateStage {
    private static final Stage READ = new Stage("read", Stage.Unit.BYTES);

    private final Engine engine;
    private final Request request;
    private final Results results;
    private final Stopwatch stopwatch = new Stopwatch();
    private String scratch = "none";
    private long matrixBytesTaken;

    CorrelateStage(Engine engine, Request request) {
        this(engine, request, Results.WRITTEN);
    }

    CorrelateStage(Engine engine, Request request, Results results) {
        this.engine = engine;
        this.request = request;
        this.results = results;
    }

    /** What becomes of the graph and its summary. */
    enum Results {
        /** They are written to {@link Request#out()} and beside it. */
        WRITTEN,
        /** They are for the caller alone; scratch files lie beside {@link Request#out()} all the same. */
        RETURNED
    }

    /** What to correlate, and how. */
    record Request(
            List<String> input,
            Layout layout,
            Metric metric,
            Sign sign,
            double threshold,
            long mostEdges,
            NonFinite nonFinite,
            Triangle triangle,
            Path out) {}

    /** What to do with neurons that are NaN or infinite on some sample. */
    enum NonFinite {
        REFUSE,
        DROP
    }

    /** The layer and its graph, both still open. */
    record Correlated(Matrix values, StandardisedLayer layer, CorrelationGraph graph, CorrelationSummary summary)
            implements AutoCloseable {
        @Override
        public void close() {
            graph.close();
            layer.close();
            values.close();
        }
    }

    Correlated run() {
        CorrelationQuery unbounded = new CorrelationQuery(
                request.threshold(),
                request.sign(),
                request.mostEdges(),
                engine.matrixBytes(),
                dev.morula.correlate.PlanChoice.valueOf(System.getProperty("morula.plan", "AUTO")));
        Activations activations = Activations.open(request.input(), request.layout());
        long least = leastBytes(activations);
        engine.requireMemory(least, String.format("correlating neurons of %,d samples", activations.samples()));
        try (PeakMemory memory = PeakMemory.open()) {
            Matrix values = stopwatch.time("read", () -> read(activations, least));
            try {
                StandardisedLayer layer = stopwatch.time("standardise", () -> standardise(values));
                try {
                    return correlate(values, layer, unbounded, memory);
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

    /** What correlating takes at least, beside the transposed activations, which may go to a file. */
    private long leastBytes(Activations activations) {
        return momentsBytes(activations.neurons())
                + TilePlan.leastBytes(
                        engine.kernels(),
                        activations.samples(),
                        engine.workers().count());
    }

    private static long momentsBytes(long neurons) {
        return neurons * Kernels.MOMENTS * ElementType.F64.bytes();
    }

    private Matrix read(Activations activations, long least) {
        AtomicLong done = new AtomicLong();
        long most = Math.min(engine.matrixBytes() / 2, engine.matrixBytes() - least);
        return activations.neuronMajor(allocator(most), engine.kernels(), engine.workers(), bytes -> {
            synchronized (done) {
                engine.progress().report(READ, done.addAndGet(bytes), activations.bytes());
            }
        });
    }

    /** Anonymous memory for up to {@code most} bytes, else an unlinked file beside the output. */
    private MatrixAllocator allocator(long most) {
        Path folder = request.out().toAbsolutePath().getParent();
        return (type, rows, columns) -> {
            long bytes = rows * columns * type.bytes();
            if (bytes <= most) {
                scratch = "memory";
                matrixBytesTaken = bytes;
                return Matrix.allocate(type, rows, columns);
            }
            scratch = "file";
            return Matrix.scratch(folder, type, rows, columns);
        };
    }

    private StandardisedLayer standardise(Matrix values) {
        StandardisedLayer layer = StandardisedLayer.measure(
                values, request.metric(), engine.kernels(), engine.workers(), engine.progress());
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
            Matrix values, StandardisedLayer layer, CorrelationQuery unbounded, PeakMemory memory) {
        long taken = matrixBytesTaken + momentsBytes(layer.neurons());
        CorrelationQuery query = unbounded.withMemory(engine.matrixBytes() - taken);
        Correlation found = stopwatch.time(
                "correlate", () -> Correlator.run(layer, query, engine.kernels(), engine.workers(), engine.progress()));
        found.seconds().forEach((part, time) -> stopwatch.add("correlate/" + part, time));
        CorrelationGraph graph = stopwatch.time("graph", () -> {
            try (found) {
                return CorrelationGraph.of(found.edges(), layer.neurons(), engine.kernels(), engine.workers());
            }
        });
        try {
            if (results == Results.WRITTEN) {
                stopwatch.run("write", () -> GraphFile.write(request.out(), graph, request.triangle()));
            }
            CorrelationSummary summary = summary(layer, graph, found, memory.peakBytes());
            if (results == Results.WRITTEN) {
                Json.write(RunFolder.summaryOf(request.out()), summary);
            }
            return new Correlated(values, layer, graph, summary);
        } catch (RuntimeException | Error e) {
            graph.close();
            throw e;
        }
    }

    private CorrelationSummary summary(
            StandardisedLayer layer, CorrelationGraph graph, Correlation found, long peakAnonymousBytes) {
        long neverActive = layer.count(NeuronState.NEVER_ACTIVE);
        return new CorrelationSummary(
                request.input(),
                name(request.layout()),
                name(request.metric()),
                request.sign() == Sign.ABSOLUTE,
                request.threshold(),
                layer.neurons(),
                layer.samples(),
                layer.count(NeuronState.CONSTANT) + neverActive,
                neverActive,
                layer.count(NeuronState.NON_FINITE),
                graph.edges(),
                found.pairs(),
                found.survivors(),
                found.inFloat32(),
                found.inFloat64(),
                found.inDoubleDouble(),
                request.out().toString(),
                name(request.triangle()),
                "cpu",
                engine.kernels().tier().toString(),
                engine.workers().count(),
                scratch,
                CorrelationSummary.Plan.of(found.plan()),
                peakAnonymousBytes,
                stopwatch.seconds());
    }

    private static String name(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
