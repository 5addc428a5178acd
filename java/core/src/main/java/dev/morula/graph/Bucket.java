package dev.morula.graph;

import dev.morula.correlate.RowRange;
import dev.morula.kernel.ElementType;
import dev.morula.kernel.Kernels;
import dev.morula.kernel.Kernels.CsrRows;
import dev.morula.kernel.Matrix;
import dev.morula.kernel.Workers;
import java.util.List;

/** The sorted rows of one range, which are then replaced by those of the next. */
final class Bucket implements AutoCloseable {
    private static final int SORT_BLOCK = 256;

    private final long[] starts;
    private final Matrix indices;
    private final Matrix values;
    private final Matrix rowStarts;
    private final Kernels kernels;
    private final Workers workers;
    private long entries;

    /** Room for the largest of {@code buckets}; row i of the graph has entries {@code starts[i]} to {@code starts[i + 1]}. */
    Bucket(long[] starts, List<RowRange> buckets, Kernels kernels, Workers workers) {
        this.starts = starts;
        this.kernels = kernels;
        this.workers = workers;
        long room = buckets.stream().mapToLong(this::entries).max().orElse(0);
        int rows = buckets.stream().mapToInt(RowRange::size).max().orElse(1);
        this.indices = Matrix.allocate(ElementType.I32, room, 1);
        this.values = Matrix.allocate(ElementType.F32, room, 1);
        this.rowStarts = Matrix.allocate(ElementType.I64, 2, rows + 1L);
    }

    private long entries(RowRange rows) {
        return starts[rows.end()] - starts[rows.first()];
    }

    /** Fills and sorts {@code rows} from the edges of {@code shards}. */
    void fill(RowRange rows, CsrRows filled, ShardScan scan, List<ShardReader> shards, Steps steps) {
        entries = entries(rows);
        long[] begin = new long[rows.size() + 1];
        for (int row = 0; row < begin.length; row++) {
            begin[row] = starts[rows.first() + row] - starts[rows.first()];
        }
        Matrix next = rowStarts.slice(1, 1);
        rowStarts.write(0, begin, 0, begin.length);
        next.write(0, begin, 0, begin.length);
        scan.forEach(
                shards,
                steps,
                (record, shard) -> kernels.csrFillRows(
                        indices, values, next, record.pairs(), record.values(), record.count(), filled));
        workers.forEach((rows.size() + SORT_BLOCK - 1) / SORT_BLOCK, (block, worker) -> {
            long first = block * SORT_BLOCK;
            kernels.csrSort(indices, values, rowStarts, first, Math.min(SORT_BLOCK, rows.size() - first));
        });
    }

    /** The other neuron of every entry (I32, n x 1). */
    Matrix indices() {
        return indices.slice(0, entries);
    }

    /** The correlation of every entry (F32, n x 1). */
    Matrix values() {
        return values.slice(0, entries);
    }

    @Override
    public void close() {
        indices.close();
        values.close();
        rowStarts.close();
    }
}
