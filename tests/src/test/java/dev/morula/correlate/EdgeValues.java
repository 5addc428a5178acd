package dev.morula.correlate;

import java.util.Map;
import java.util.TreeMap;

/** Edges with the bits of their values, to compare runs with. */
final class EdgeValues {
    private EdgeValues() {}

    static Map<Long, Integer> of(EdgeList edges) {
        Map<Long, Integer> bits = new TreeMap<>();
        for (EdgeList.Chunk chunk : edges.chunks()) {
            long[] pairs = new long[chunk.count()];
            float[] values = new float[chunk.count()];
            chunk.pairs().read(0, pairs, 0, pairs.length);
            chunk.values().read(0, values, 0, values.length);
            for (int e = 0; e < pairs.length; e++) {
                bits.put(pairs[e], Float.floatToRawIntBits(values[e]));
            }
        }
        return bits;
    }
}
