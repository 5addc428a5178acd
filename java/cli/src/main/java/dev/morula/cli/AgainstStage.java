package dev.morula.cli;

import dev.morula.MorulaException;
import dev.morula.activations.Activations;
import dev.morula.activations.LayerPair;
import dev.morula.correlate.Correlation;
import dev.morula.correlate.CorrelationQuery;
import dev.morula.correlate.Correlator;
import dev.morula.graph.LayerPairFile;
import dev.morula.kernel.ElementType;
import dev.morula.kernel.Kernels;
import dev.morula.kernel.Matrix;
import dev.morula.kernel.MatrixAllocator;
import dev.morula.kernel.PeakMemory;
import dev.morula.kernel.Sign;
import dev.morula.kernel.Stage;
import dev.morula.standardise.NeuronState;
import dev.morula.standardise.StandardisedLayer;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;

/** Correlates the neurons of one layer with those of another, and writes the matrix of what is found. */
final class AgainstStage {
    private static final Stage READ = new Stage("read", Stage.Unit.BYTES);

    private final Engine engine;
    private final CorrelateStage.Request request;
    private final List<String> against;
    private final Activations rows;
    private final Activations columns;
    private final LayerPair pair;
    private final Stopwatch stopwatch = new Stopwatch();
    private long taken;

    /** {@code request} says what to do; {@code against} are the files of the second layer. */
    AgainstStage(Engine engine, CorrelateStage.Request request, List<String> against) {
        this.engine = engine;
        this.request = request;
        this.against = against;
        this.rows = Activations.open(request.input(), request.layout());
        this.columns = Activations.open(against, request.layout());
        this.pair = LayerPair.of(rows, columns);
    }

    AgainstSummary run() {
        long moments = pair.neurons() * Kernels.MOMENTS * ElementType.F64.bytes();
        long least = moments
                + Correlator.leastBytes(
                        engine.kernels(),
                        pair.neurons(),
                        rows.samples(),
                        ElementType.F64,
                        engine.workers().count());
        engine.requireMemory(least, String.format("correlating neurons of %,d samples", rows.samples()));
        MatrixAllocator allocator = allocator(Math.min(engine.matrixBytes() / 2, engine.matrixBytes() - least));
        try (PeakMemory memory = PeakMemory.open();
                Matrix values = stopwatch.time("read", () -> read(allocator));
                StandardisedLayer layer = stopwatch.time("standardise", () -> standardise(values, allocator));
                Correlation found = stopwatch.time("correlate", () -> correlate(layer, taken + moments))) {
            long edges = found.edges().count();
            stopwatch.run("write", () -> write(found));
            AgainstSummary summary = summary(layer, edges, found, memory.peakBytes());
            Json.write(RunFolder.summaryOf(request.out()), summary);
            return summary;
        }
    }

    /** Anonymous memory up to {@code most} bytes, else an unlinked file beside the output. */
    private MatrixAllocator allocator(long most) {
        Path folder = request.out().toAbsolutePath().getParent();
        return (type, neurons, samples) -> {
            long bytes = neurons * samples * type.bytes();
            if (bytes > most - taken) {
                return Matrix.scratch(folder, type, neurons, samples);
            }
            taken += bytes;
            return Matrix.allocate(type, neurons, samples);
        };
    }

    private Matrix read(MatrixAllocator allocator) {
        AtomicLong done = new AtomicLong();
        return pair.neuronMajor(allocator, engine.kernels(), engine.workers(), bytes -> {
            synchronized (done) {
                engine.progress().report(READ, done.addAndGet(bytes), pair.bytes());
            }
        });
    }

    private StandardisedLayer standardise(Matrix values, MatrixAllocator allocator) {
        StandardisedLayer layer = StandardisedLayer.measure(
                values, request.metric(), allocator, engine.kernels(), engine.workers(), engine.progress());
        for (int neuron = 0;
                neuron < layer.neurons() && request.nonFinite() == CorrelateStage.NonFinite.REFUSE;
                neuron++) {
            if (layer.state(neuron) == NeuronState.NON_FINITE) {
                layer.close();
                boolean first = neuron < rows.neurons();
                throw MorulaException.input(
                        "%s: neuron %,d is NaN or infinite at some sample; drop such neurons with --drop-nonfinite",
                        String.join(", ", first ? request.input() : against), first ? neuron : neuron - rows.neurons());
            }
        }
        return layer;
    }

    private Correlation correlate(StandardisedLayer layer, long bytesTaken) {
        CorrelationQuery query = CorrelationQuery.atLeast(request.threshold())
                .withSign(request.sign())
                .withMostEdges(request.mostEdges())
                .withPlan(request.plan())
                .withMemory(engine.matrixBytes() - bytesTaken)
                .withFirstColumn(Math.toIntExact(rows.neurons()));
        return Correlator.run(layer, query, engine.kernels(), engine.workers(), engine.progress());
    }

    private void write(Correlation found) {
        LayerPairFile.write(
                request.out(),
                found.edges(),
                Math.toIntExact(rows.neurons()),
                Math.toIntExact(columns.neurons()),
                engine.kernels(),
                engine.workers());
    }

    private AgainstSummary summary(StandardisedLayer layer, long edges, Correlation found, long peakAnonymousBytes) {
        return new AgainstSummary(
                request.input(),
                against,
                name(request.layout()),
                name(request.metric()),
                request.sign() == Sign.ABSOLUTE,
                request.threshold(),
                rows.neurons(),
                columns.neurons(),
                rows.samples(),
                layer.count(NeuronState.CONSTANT) + layer.count(NeuronState.NEVER_ACTIVE),
                layer.count(NeuronState.NON_FINITE),
                edges,
                found.pairs(),
                found.survivors(),
                found.inFloat32(),
                found.inFloat64(),
                found.inDoubleDouble(),
                request.out().toString(),
                false,
                engine.kernels().device(),
                engine.kernels().tier().toString(),
                engine.workers().count(),
                CorrelationSummary.Plan.of(found),
                peakAnonymousBytes,
                stopwatch.seconds(),
                found.stages());
    }

    private static String name(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
