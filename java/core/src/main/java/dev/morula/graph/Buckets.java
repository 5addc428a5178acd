package dev.morula.graph;

import dev.morula.correlate.RowRange;
import dev.morula.kernel.Kernels.Ends;
import java.util.ArrayList;
import java.util.List;

/** Ranges of rows whose entries are held in memory at a time. */
final class Buckets {
    private Buckets() {}

    /** All rows, in as few ranges as have {@code most} entries each, or one row. */
    static List<RowRange> cut(long[] starts, long most) {
        List<RowRange> buckets = new ArrayList<>();
        int first = 0;
        for (int row = 1; row < starts.length - 1; row++) {
            if (starts[row + 1] - starts[first] > most) {
                buckets.add(new RowRange(first, row));
                first = row;
            }
        }
        buckets.add(new RowRange(first, starts.length - 1));
        return buckets;
    }

    /** The shards that may have entries of {@code rows}; an edge's larger neuron is in a row after its shard's first. */
    static List<ShardReader> shardsOf(RowRange rows, ShardSet shards, Ends ends) {
        return shards.shards().stream()
                .filter(shard -> shard.header().rows().overlaps(rows)
                        || (ends == Ends.BOTH && shard.header().rows().first() < rows.first()))
                .toList();
    }

    /** Records that are read, counting each once for every bucket. */
    static long scannedRecords(List<RowRange> buckets, ShardSet shards, Ends ends) {
        return buckets.stream()
                .mapToLong(rows -> ShardScan.records(shardsOf(rows, shards, ends)))
                .sum();
    }
}
