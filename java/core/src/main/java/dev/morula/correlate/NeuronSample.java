package dev.morula.correlate;

import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * Some neurons of a layer, in random contiguous blocks, since neurons side by side are cheap to read where samples come
 * first.
 *
 * @param basis those that directions are taken from
 * @param left and {@code right}: those whose pairs show how well the directions rule pairs out; none of them is in
 *     {@code basis}, which knows its own neurons better than others
 */
record NeuronSample(int[] basis, int[] left, int[] right) {
    private static final int BLOCK = 32;
    private static final int BASIS = 1024;
    private static final int LEFT = 256;
    private static final int RIGHT = 512;
    private static final long SEED = 1; // any will do; a fixed one makes a plan repeatable

    /** A sample of {@code neurons}, of which there are at least 8; half of them at most. */
    static NeuronSample of(int[] neurons) {
        int wanted = Math.min(BASIS + LEFT + RIGHT, neurons.length / 2);
        int block = Math.max(1, Math.min(BLOCK, wanted / 16));
        int blocks = wanted / block;
        int[] starts = new Random(SEED)
                .ints(0, neurons.length / block)
                .distinct()
                .limit(blocks)
                .toArray();
        int[] chosen = Arrays.stream(starts)
                .flatMap(start -> IntStream.range(start * block, (start + 1) * block))
                .map(i -> neurons[i])
                .toArray();
        int basis = chosen.length * 4 / 7;
        int left = chosen.length / 7;
        return new NeuronSample(
                Arrays.copyOfRange(chosen, 0, basis),
                Arrays.copyOfRange(chosen, basis, basis + left),
                Arrays.copyOfRange(chosen, basis + left, chosen.length));
    }
}
