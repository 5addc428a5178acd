package dev.morula.cli;

import dev.morula.activations.Activations;
import dev.morula.correlate.Correlator;
import dev.morula.correlate.StrongestSearch;
import dev.morula.kernel.ElementType;
import dev.morula.kernel.Kernels;
import dev.morula.kernel.Matrix;
import dev.morula.kernel.MatrixAllocator;
import dev.morula.kernel.Metric;
import dev.morula.kernel.Stage;
import dev.morula.standardise.StandardisedLayer;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;

/** The layer to correlate: reads and standardises it, in place where that can be, and knows what memory that takes. */
final class LayerSource {
    private static final Stage READ = new Stage("read", Stage.Unit.BYTES);

    private final Engine engine;
    private final CorrelateStage.Request request;
    private final Activations activations;
    private final boolean inPlace;
    private String scratch = "none";
    private long matrixBytesTaken;

    private LayerSource(Engine engine, CorrelateStage.Request request, Activations activations, boolean inPlace) {
        this.engine = engine;
        this.request = request;
        this.activations = activations;
        this.inPlace = inPlace;
    }

    /** Opens the request's input; {@code needsNeuronMajor}: whether somebody else wants the neurons in rows. */
    static LayerSource open(Engine engine, CorrelateStage.Request request, boolean needsNeuronMajor) {
        Activations activations = Activations.open(request.input(), request.layout());
        boolean inPlace = activations.isSampleMajor()
                && !needsNeuronMajor
                && request.metric() != Metric.SPEARMAN
                && !request.queries().lookAtTheLayer();
        return new LayerSource(engine, request, activations, inPlace);
    }

    Activations activations() {
        return activations;
    }

    /** Whether the activations are correlated as they lie in their file, without a copy. */
    boolean isInPlace() {
        return inPlace;
    }

    /** Where transposed activations and ranks were kept: none, memory or file. */
    String scratch() {
        return scratch;
    }

    /** Memory that the layer takes while it is open. */
    long takenBytes() {
        return matrixBytesTaken + momentsBytes();
    }

    long momentsBytes() {
        return activations.neurons() * Kernels.MOMENTS * ElementType.F64.bytes();
    }

    /** What correlating takes at least, beside transposed activations, which may go to a file. */
    long leastBytes() {
        long partners = request.topK() == null ? 0 : StrongestSearch.bytes(activations.neurons(), request.topK());
        return momentsBytes()
                + partners
                + Correlator.leastBytes(
                        engine.kernels(),
                        activations.neurons(),
                        activations.samples(),
                        activations.type(),
                        engine.workers().count());
    }

    /** The activations, of which a copy leaves {@code least} bytes of memory to what comes after. */
    Matrix read(long least) {
        if (inPlace) {
            return activations.sampleMajor();
        }
        AtomicLong done = new AtomicLong();
        return activations.neuronMajor(allocator(least), engine.kernels(), engine.workers(), bytes -> {
            synchronized (done) {
                engine.progress().report(READ, done.addAndGet(bytes), activations.bytes());
            }
        });
    }

    /** The layer of what {@link #read} gave; neurons that are not finite are refused if the request says so. */
    StandardisedLayer standardise(Matrix values, long least) {
        StandardisedLayer layer = inPlace
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
            if (request.nonFinite() == CorrelateStage.NonFinite.REFUSE) {
                layer.requireFinite(String.join(", ", request.input()));
            }
            return layer;
        } catch (RuntimeException | Error e) {
            layer.close();
            throw e;
        }
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
}
