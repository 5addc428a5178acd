package dev.morula.graph;

import dev.morula.correlate.RowRange;
import dev.morula.kernel.ElementType;
import dev.morula.kernel.Matrix;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Shard files of small graphs, given as maps from pairs to correlations. */
public final class TestShards {
    public static final String KEY = "0a1b2c";
    public static final Map<String, String> SETTINGS = Map.of("threshold", "0.9");

    private TestShards() {}

    static ShardHeader header(int neurons, int first, int end) {
        return new ShardHeader(KEY, neurons, new RowRange(first, end), SETTINGS);
    }

    /** Writes those of {@code edges} that belong there, in random order, in records of {@code recordEdges}. */
    public static Path write(Path file, ShardHeader header, Map<Long, Float> edges, int recordEdges) {
        RowRange rows = header.rows();
        List<Long> pairs = new ArrayList<>(edges.keySet().stream()
                .filter(pair -> pair >> 32 >= rows.first() && pair >> 32 < rows.end())
                .toList());
        Collections.shuffle(pairs, new Random(edges.size()));
        try (ShardWriter writer = ShardWriter.create(file, header, recordEdges, () -> {})) {
            add(writer, pairs, edges);
            writer.commit();
        }
        return file;
    }

    static void add(ShardWriter writer, List<Long> pairs, Map<Long, Float> edges) {
        if (pairs.isEmpty()) {
            return;
        }
        float[] values = new float[pairs.size()];
        for (int k = 0; k < values.length; k++) {
            values[k] = edges.get(pairs.get(k));
        }
        try (Matrix pairMatrix = Matrix.allocate(ElementType.I64, 1, values.length);
                Matrix valueMatrix = Matrix.of(new float[][] {values})) {
            pairMatrix.write(0, pairs.stream().mapToLong(Long::longValue).toArray(), 0, values.length);
            writer.add(pairMatrix, valueMatrix, values.length);
        }
    }

    /** Shards of {@code edges} whose rows begin at 0 and at each of {@code cuts}, ascending, below {@code neurons}. */
    static List<Path> split(Path folder, int neurons, Map<Long, Float> edges, List<Integer> cuts, int recordEdges) {
        List<Path> files = new ArrayList<>();
        for (int k = 0; k <= cuts.size(); k++) {
            int first = k == 0 ? 0 : cuts.get(k - 1);
            int end = k == cuts.size() ? neurons : cuts.get(k);
            Path file = folder.resolve(first + "-" + end + ".shard");
            files.add(write(file, header(neurons, first, end), edges, recordEdges));
        }
        return files;
    }
}
