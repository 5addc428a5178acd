package dev.morula.graph;

import dev.morula.MorulaException;
import dev.morula.correlate.RowRange;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Shards that together hold a graph: of one key and one layer, with every row in exactly one of them. */
public final class ShardSet implements AutoCloseable {
    private final List<ShardReader> shards;

    private ShardSet(List<ShardReader> shards) {
        this.shards = shards;
    }

    /**
     * Opens {@code files}, in any order.
     *
     * @throws MorulaException of kind INPUT that names what is damaged, foreign, missing or there twice
     */
    public static ShardSet open(List<Path> files) {
        if (files.isEmpty()) {
            throw MorulaException.input("there is no shard to assemble a graph from");
        }
        ShardSet set = new ShardSet(new ArrayList<>());
        try {
            files.forEach(file -> set.shards.add(ShardReader.open(file)));
            set.requireOneKey();
            set.shards.sort(Comparator.comparing(shard -> shard.header().rows()));
            set.requireNoOverlap();
            set.requireNoGap();
            return set;
        } catch (RuntimeException | Error e) {
            set.close();
            throw e;
        }
    }

    private void requireOneKey() {
        ShardReader first = shards.get(0);
        for (ShardReader shard : shards) {
            if (shard.header().neurons() != neurons()) {
                throw MorulaException.input(
                        "%s: is of a layer of %,d neurons, but %s of one of %,d; shards of one run are needed",
                        shard.path(), shard.header().neurons(), first.path(), neurons());
            } else if (!shard.header().key().equals(first.header().key())) {
                throw MorulaException.input(
                        "%s: does not belong to the same run as %s: %s",
                        shard.path(),
                        first.path(),
                        ShardHeader.difference(shard.header().settings(), settings()));
            }
        }
    }

    private void requireNoOverlap() {
        for (int k = 1; k < shards.size(); k++) {
            ShardReader before = shards.get(k - 1);
            ShardReader shard = shards.get(k);
            if (before.header().rows().overlaps(shard.header().rows())) {
                int end = Math.min(
                        before.header().rows().end(), shard.header().rows().end());
                throw MorulaException.input(
                        "%s: has rows %s, which %s has too; leave one of them out",
                        shard.path(), new RowRange(shard.header().rows().first(), end), before.path());
            }
        }
    }

    private void requireNoGap() {
        List<RowRange> missing = RowRange.missing(
                shards.stream().map(shard -> shard.header().rows()).toList(), neurons());
        if (!missing.isEmpty()) {
            throw MorulaException.input(
                    "rows %s of %,d are in none of the %,d shards; compute them with morula correlate --rows %s",
                    missing.stream().map(RowRange::toString).collect(Collectors.joining(", ")),
                    neurons(),
                    shards.size(),
                    missing.get(0));
        }
    }

    /** Neurons of the layer, W. */
    public int neurons() {
        return shards.get(0).header().neurons();
    }

    /** What the shards' key stands for. */
    public Map<String, String> settings() {
        return shards.get(0).header().settings();
    }

    /** Edges of all shards together. */
    public long edges() {
        return shards.stream().mapToLong(ShardReader::edges).sum();
    }

    /** The shards, ascending by rows. */
    List<ShardReader> shards() {
        return shards;
    }

    @Override
    public void close() {
        shards.forEach(ShardReader::close);
    }
}
