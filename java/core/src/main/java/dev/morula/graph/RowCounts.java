package dev.morula.graph;

import dev.morula.MorulaException;
import dev.morula.correlate.RowRange;
import dev.morula.kernel.ElementType;
import dev.morula.kernel.Kernels;
import dev.morula.kernel.Kernels.CsrRows;
import dev.morula.kernel.Kernels.Ends;
import dev.morula.kernel.Matrix;
import dev.morula.kernel.Progress;
import dev.morula.kernel.Stage;

/** Where the rows of a graph begin, from a scan of its shards. */
final class RowCounts {
    private RowCounts() {}

    /** Matrix memory that counting takes, and later a bucket for where its entries go, in bytes. */
    static long bytes(long neurons) {
        return 2 * (neurons + 1) * ElementType.I64.bytes();
    }

    /** Where the entries of each row begin; one more than there are neurons. */
    static long[] starts(ShardSet shards, Ends ends, ShardScan scan, Kernels kernels, Progress progress) {
        int neurons = shards.neurons();
        long[] starts = new long[neurons + 1];
        try (Matrix degrees = Matrix.allocate(ElementType.I64, 1, neurons)) {
            Steps steps =
                    new Steps(progress, new Stage("count", Stage.Unit.RECORDS), ShardScan.records(shards.shards()));
            scan.forEach(shards.shards(), steps, (record, shard) -> count(degrees, record, shard, ends, kernels));
            degrees.read(0, starts, 1, neurons);
        }
        for (int row = 0; row < neurons; row++) {
            starts[row + 1] += starts[row];
        }
        return starts;
    }

    private static void count(Matrix degrees, EdgeRecord record, ShardReader shard, Ends ends, Kernels kernels) {
        RowRange rows = shard.header().rows();
        CsrRows allowed = new CsrRows(rows.first(), rows.size(), shard.header().neurons(), ends);
        try {
            kernels.csrCountRows(degrees, record.pairs(), record.count(), allowed);
        } catch (MorulaException e) {
            throw MorulaException.input("%s: does not hold what its header says: %s", shard.path(), e.getMessage());
        }
    }
}
