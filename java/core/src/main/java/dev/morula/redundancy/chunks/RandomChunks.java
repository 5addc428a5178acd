package dev.morula.redundancy.chunks;

import dev.morula.MorulaException;
import dev.morula.RandomNumbers;
import java.util.Arrays;

/** Uniformly random subsets of a layer's neurons. */
public final class RandomChunks {
    private RandomChunks() {}

    /**
     * {@code count} chunks of {@code size} neurons, ascending in each; the whole layer only once, since there is one such
     * chunk. A chunk depends on the width, the seed, its size and its number alone, so that fewer of them are the first of
     * more, and those of train samples are those of test samples.
     */
    public static int[][] of(int neurons, int size, int count, long seed) {
        if (size < 1 || size > neurons) {
            throw MorulaException.usage("a chunk of %d neurons: a layer of %d has 1 to %d", size, neurons, neurons);
        }
        if (count < 1) {
            throw MorulaException.usage("%d chunks: at least 1 must be drawn", count);
        }
        int[][] chunks = new int[size == neurons ? 1 : count][];
        for (int draw = 0; draw < chunks.length; draw++) {
            RandomNumbers random = RandomNumbers.of(seed, RandomNumbers.Stream.CHUNKS, size, draw);
            chunks[draw] = Arrays.copyOf(random.permutation(neurons), size);
            Arrays.sort(chunks[draw]);
        }
        return chunks;
    }
}
