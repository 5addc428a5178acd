package dev.morula.graph;

import dev.morula.MorulaException;
import dev.morula.correlate.RowRange;
import dev.morula.data.DiskSpace;
import dev.morula.data.OutputFile;
import dev.morula.kernel.ElementType;
import dev.morula.kernel.Kernels;
import dev.morula.kernel.Kernels.CsrRows;
import dev.morula.kernel.Kernels.Ends;
import dev.morula.kernel.Matrix;
import dev.morula.kernel.Progress;
import dev.morula.kernel.Stage;
import dev.morula.kernel.Workers;
import java.nio.file.Path;
import java.util.List;

/**
 * Writes the graph of shards without holding it: the same file, byte for byte, as {@link GraphFile#write} of the graph of
 * the same edges. A first scan of the shards counts the entries of each row; then rows are cut into buckets that fit the
 * memory, and one more scan for each bucket fills its rows, which are sorted and appended to the file. The values, which
 * the file has behind all indices, wait in an unlinked file beside it, unless all fit one bucket.
 */
public final class GraphAssembly {
    private static final long ENTRY_BYTES = Integer.BYTES + Float.BYTES;

    private final Path out;
    private final ShardSet shards;
    private final Ends ends;
    private final Kernels kernels;
    private final Workers workers;
    private final Progress progress;

    private GraphAssembly(
            Path out, ShardSet shards, Triangle triangle, Kernels kernels, Workers workers, Progress progress) {
        this.out = out;
        this.shards = shards;
        this.ends = triangle == Triangle.FULL ? Ends.BOTH : Ends.SMALLER;
        this.kernels = kernels;
        this.workers = workers;
        this.progress = progress;
    }

    /**
     * Writes {@code out}, which appears whole or not at all.
     *
     * @param memoryBytes what matrices may take, {@link #leastBytes} or more
     * @throws MorulaException of kind RESOURCES if memory or disk do not suffice, before the work starts; of kind INPUT if
     *     a shard turns out to be damaged
     */
    public static void write(
            Path out,
            ShardSet shards,
            Triangle triangle,
            long memoryBytes,
            Kernels kernels,
            Workers workers,
            Progress progress) {
        long least = leastBytes(shards, triangle, workers);
        if (memoryBytes < least) {
            throw MorulaException.resources(
                    "%s: %,d bytes of memory are left for assembling it, but %,d are needed", out, memoryBytes, least);
        }
        long bucketEntries = (memoryBytes - fixedBytes(shards, workers)) / ENTRY_BYTES;
        new GraphAssembly(out, shards, triangle, kernels, workers, progress)
                .write(bucketEntries, RowsWriter.INT32_ENTRIES);
    }

    /** The least memory that matrices take, in bytes; more means fewer scans of the shards. */
    public static long leastBytes(ShardSet shards, Triangle triangle, Workers workers) {
        long longestRow = Math.min(shards.neurons() - 1L, entries(shards, triangle));
        return fixedBytes(shards, workers) + longestRow * ENTRY_BYTES;
    }

    /** Counters and the rooms of workers: a record to read into, and a row to sort. */
    private static long fixedBytes(ShardSet shards, Workers workers) {
        long counters = RowCounts.bytes(shards.neurons());
        long sorting = workers.count() * shards.neurons() * ENTRY_BYTES;
        return counters + ShardScan.bytes(shards.shards(), workers) + sorting;
    }

    private static long entries(ShardSet shards, Triangle triangle) {
        return shards.edges() * (triangle == Triangle.FULL ? 2 : 1);
    }

    static void write(
            Path out,
            ShardSet shards,
            Triangle triangle,
            long bucketEntries,
            long int32Entries,
            Kernels kernels,
            Workers workers) {
        new GraphAssembly(out, shards, triangle, kernels, workers, Progress.NONE).write(bucketEntries, int32Entries);
    }

    private void write(long bucketEntries, long int32Entries) {
        long entries = shards.edges() * (ends == Ends.BOTH ? 2 : 1);
        requireDisk(entries, bucketEntries, int32Entries);
        try (ShardScan scan = new ShardScan(shards.shards(), workers)) {
            long[] starts = RowCounts.starts(shards, ends, scan, kernels, progress);
            List<RowRange> buckets = Buckets.cut(starts, bucketEntries);
            try (RowsWriter writer = RowsWriter.create(out, starts, int32Entries)) {
                if (entries > 0) {
                    writeEntries(starts, buckets, scan, writer);
                } else {
                    writer.beginValues();
                }
                writer.commit();
            }
        }
    }

    private void requireDisk(long entries, long bucketEntries, long int32Entries) {
        OutputFile.requireWritable(out);
        long waiting = entries > bucketEntries ? entries * ElementType.F32.bytes() : 0;
        DiskSpace.require(out, RowsWriter.bytes(shards.neurons(), entries, int32Entries) + waiting);
    }

    private void writeEntries(long[] starts, List<RowRange> buckets, ShardScan scan, RowsWriter writer) {
        long entries = starts[starts.length - 1];
        try (Bucket bucket = new Bucket(starts, buckets, kernels, workers);
                Matrix waiting = buckets.size() == 1
                        ? null
                        : Matrix.scratch(out.toAbsolutePath().getParent(), ElementType.F32, entries, 1)) {
            Steps steps = new Steps(
                    progress, new Stage("assemble", Stage.Unit.RECORDS), Buckets.scannedRecords(buckets, shards, ends));
            for (RowRange rows : buckets) {
                CsrRows filled = new CsrRows(rows.first(), rows.size(), shards.neurons(), ends);
                bucket.fill(rows, filled, scan, Buckets.shardsOf(rows, shards, ends), steps);
                writer.appendIndices(bucket.indices());
                if (waiting != null) {
                    bucket.values()
                            .copyTo(
                                    0,
                                    waiting,
                                    starts[rows.first()],
                                    bucket.values().rows());
                }
            }
            writer.beginValues();
            writeValues(waiting == null ? bucket.values() : waiting, writer);
        }
    }

    private void writeValues(Matrix values, RowsWriter writer) {
        long piece = 1L << 22;
        Steps steps = new Steps(progress, new Stage("write", Stage.Unit.ENTRIES), values.rows());
        for (long from = 0; from < values.rows(); from += piece) {
            long length = Math.min(piece, values.rows() - from);
            writer.appendValues(values.slice(from, length));
            steps.add(length);
        }
    }
}
