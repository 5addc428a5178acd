package dev.morula.redundancy.chunks;

import java.util.stream.IntStream;

/** The sizes that chunks of a layer are looked at in. */
public final class ChunkSizes {
    private ChunkSizes() {}

    /** A layer's width, half of it, half of that and so on, without remainders, down to 1; ascending. */
    public static int[] of(int neurons) {
        int[] falling =
                IntStream.iterate(neurons, size -> size >= 1, size -> size / 2).toArray();
        return IntStream.range(0, falling.length)
                .map(k -> falling[falling.length - 1 - k])
                .toArray();
    }
}
