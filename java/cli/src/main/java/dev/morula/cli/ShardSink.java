package dev.morula.cli;

import dev.morula.correlate.EdgeSink;
import dev.morula.graph.ShardWriter;
import dev.morula.kernel.Matrix;

/** Edges on their way into a shard, until they are too many. */
final class ShardSink implements EdgeSink {
    private final ShardWriter writer;
    private final long most;

    /** Refuses what would be more than {@code most} edges. */
    ShardSink(ShardWriter writer, long most) {
        this.writer = writer;
        this.most = most;
    }

    @Override
    public synchronized boolean add(Matrix pairs, Matrix values, long count) {
        if (count > most - writer.edges()) {
            return false;
        }
        writer.add(pairs, values, count);
        return true;
    }
}
