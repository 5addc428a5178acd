package dev.morula.cli;

import dev.morula.MorulaException;
import dev.morula.cluster.NeuronTable;
import dev.morula.correlate.CorrelationHistogram;
import dev.morula.correlate.CorrelationMatrix;
import dev.morula.data.Npy;
import dev.morula.data.NpyWriter;
import dev.morula.graph.Partners;
import dev.morula.kernel.ElementType;
import dev.morula.kernel.Matrix;
import dev.morula.standardise.StandardisedLayer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Supplier;

/** Answers {@link Queries} about a layer: what they take, and their files. */
final class QueryStage {
    private static final long SEED = 1; // of the neurons that a histogram looks at

    private final Engine engine;
    private final Queries queries;

    QueryStage(Engine engine, Queries queries) {
        this.engine = engine;
        this.queries = queries;
    }

    /** Bytes of memory that the queries take at a time, beside the layer; fails if these or the disk do not suffice. */
    long requireRoom(long neurons, long samples, long layerBytes) {
        int workers = engine.workers().count();
        long histogram = queries.histogram() == null ? 0 : CorrelationHistogram.bytes(samples, workers);
        engine.requireMemory(
                layerBytes + histogram, String.format("a histogram of the correlations of %,d samples", samples));
        long matrix = queries.matrix() == null ? 0 : CorrelationMatrix.bytes(neurons, workers);
        engine.requireMemory(
                layerBytes + matrix, String.format("the matrix of all correlations of %,d neurons", neurons));
        if (queries.matrix() != null) {
            requireDisk(queries.matrix(), neurons * neurons * ElementType.F32.bytes());
        }
        return Math.max(histogram, matrix);
    }

    private static void requireDisk(Path target, long bytes) {
        try {
            long free = Files.getFileStore(target.toAbsolutePath().getParent()).getUsableSpace();
            if (free < bytes) {
                throw MorulaException.resources(
                        "%s: takes %s, but %s of disk are free there",
                        target, ByteSize.format(bytes), ByteSize.format(free));
            }
        } catch (IOException e) {
            throw MorulaException.input("%s: cannot be written: %s", target, e);
        }
    }

    /** Writes histogram and matrix, those that were asked for. */
    void write(StandardisedLayer layer, String metric, Stopwatch stopwatch) {
        if (queries.histogram() != null) {
            stopwatch.run("histogram", () -> Json.write(queries.histogram(), histogram(layer, metric)));
        }
        if (queries.matrix() != null) {
            stopwatch.run("matrix", () -> writeMatrix(layer));
        }
    }

    private HistogramSummary histogram(StandardisedLayer layer, String metric) {
        return HistogramSummary.of(
                CorrelationHistogram.of(layer, SEED, engine.kernels(), engine.workers(), engine.progress()), metric);
    }

    private void writeMatrix(StandardisedLayer layer) {
        try (Matrix matrix = CorrelationMatrix.of(layer, engine.kernels(), engine.workers(), engine.progress())) {
            Npy.write(queries.matrix(), matrix);
        }
    }

    /** Writes what tells of each neuron's partners, if it was asked for. */
    void writePartners(StandardisedLayer layer, Supplier<Partners> found) {
        if (queries.degrees() == null && queries.neurons() == null) {
            return;
        }
        Partners partners = found.get();
        if (queries.degrees() != null) {
            writeDegrees(partners.degrees());
        }
        if (queries.neurons() != null) {
            NeuronTable.write(queries.neurons(), layer, partners, null);
        }
    }

    void writeDegrees(long[] degrees) {
        try (NpyWriter writer = NpyWriter.create(queries.degrees(), ElementType.I64, degrees.length)) {
            writer.append(degrees);
            writer.commit();
        }
    }
}
