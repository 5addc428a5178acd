package dev.morula.graph;

import dev.morula.kernel.Workers;
import java.util.List;

/** Hands the records of shards to workers, each of which has room for one record. */
final class ShardScan implements AutoCloseable {
    /** Work on the edges of one record; several threads do it at the same time. */
    @FunctionalInterface
    interface Work {
        void run(EdgeRecord record, ShardReader shard);
    }

    private final Workers workers;
    private final EdgeRecord[] room;

    ShardScan(List<ShardReader> shards, Workers workers) {
        this.workers = workers;
        this.room = new EdgeRecord[workers.count()];
        int most = mostEdges(shards);
        for (int worker = 0; worker < room.length; worker++) {
            room[worker] = new EdgeRecord(most);
        }
    }

    /** Matrix memory that a scan takes, in bytes. */
    static long bytes(List<ShardReader> shards, Workers workers) {
        return workers.count() * ShardFormat.recordMemory(mostEdges(shards));
    }

    private static int mostEdges(List<ShardReader> shards) {
        return shards.stream().mapToInt(ShardReader::recordEdges).max().orElse(1);
    }

    static long records(List<ShardReader> shards) {
        return shards.stream().mapToLong(ShardReader::records).sum();
    }

    /** Runs {@code work} on every record of {@code shards}. */
    void forEach(List<ShardReader> shards, Steps steps, Work work) {
        long[] firstRecord = new long[shards.size() + 1];
        for (int k = 0; k < shards.size(); k++) {
            firstRecord[k + 1] = firstRecord[k] + shards.get(k).records();
        }
        workers.forEach(firstRecord[shards.size()], (part, worker) -> {
            int k = 0;
            while (part >= firstRecord[k + 1]) {
                k++;
            }
            shards.get(k).read(part - firstRecord[k], room[worker]);
            work.run(room[worker], shards.get(k));
            steps.add(1);
        });
    }

    @Override
    public void close() {
        for (EdgeRecord record : room) {
            record.close();
        }
    }
}
