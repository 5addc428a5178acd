package dev.morula;

import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/**
 * Random numbers that depend on the seed alone. The generator is named, and only its raw 64-bit output is
 * used, so that a run repeats on every JDK and machine.
 */
public final class RandomNumbers {
    private static final float UNIT = 0x1p-24f;
    private static final double FINE_UNIT = 0x1p-53;
    private static final long GOLDEN_RATIO = 0x9e3779b97f4a7c15L;

    /** What random numbers are for. New ones go to the end, or the runs of old seeds change. */
    public enum Stream {
        /** A random choice of samples. */
        SUBSET,
        /** Labels that are replaced. */
        LABELS,
        /** The teacher's weights. */
        TEACHER,
        /** The samples that a teacher labels; after it the split. */
        TEACHER_SAMPLES,
        /** The order of samples in an epoch; after it the epoch. */
        ORDER,
        /** How samples are moved in an epoch; after it the epoch. */
        AUGMENTATION,
        /** The neurons of a chunk; after it the size, and which chunk of that size. */
        CHUNKS,
        /** What is drawn again for an interval; after it which time. */
        BOOTSTRAP,
        /** The rows of a layer that units are compared on; after it the draw. */
        ROWS,
        /** The units that are set to 0; after it how many parts of all, and the draw. */
        ABLATION,
        /** Which neuron of a type goes to which clone; after it the number of clones. */
        DEALING,
        /** Clones of neurons of any type; after it the number of clones, and which draw. */
        RANDOM_DEALING
    }

    private final RandomGenerator bits;

    public RandomNumbers(long seed) {
        bits = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    }

    /**
     * The numbers of one stream of {@code seed}, such as (order of samples, epoch 3): what other streams have drawn does
     * not matter to it, so that a run that is taken up again goes on as if it had never stopped. Seed and path are mixed
     * as splitmix64 does (Steele, Lea and Flood, 2014), so that neighbours have nothing in common.
     */
    public static RandomNumbers of(long seed, Stream stream, long... path) {
        long state = mix(mix(seed) + stream.ordinal());
        for (long part : path) {
            state = mix(state + part);
        }
        return new RandomNumbers(state);
    }

    /** The next output of splitmix64 at that state: a one-to-one map. */
    private static long mix(long value) {
        long z = value + GOLDEN_RATIO;
        z = (z ^ z >>> 30) * 0xbf58476d1ce4e5b9L;
        z = (z ^ z >>> 27) * 0x94d049bb133111ebL;
        return z ^ z >>> 31;
    }

    /** The numbers 0 to {@code count - 1} in random order (Fisher and Yates). */
    public int[] permutation(int count) {
        int[] order = new int[count];
        for (int i = 0; i < count; i++) {
            int other = nextBelow(i + 1);
            order[i] = order[other];
            order[other] = i;
        }
        return order;
    }

    /** Uniform in [0, 1), one of 2^24 values. */
    public float nextUnit() {
        return (bits.nextLong() >>> 40) * UNIT;
    }

    /** Uniform in [0, 1), one of 2^53 values. */
    public double nextFineUnit() {
        return (bits.nextLong() >>> 11) * FINE_UNIT;
    }

    /** One of 0 to {@code bound - 1}. */
    public int nextBelow(int bound) {
        return (int) ((bits.nextLong() >>> 32) * bound >>> 32);
    }

    /** Standard normal (Marsaglia's polar method, the second number of each pair left unused). */
    public double nextNormal() {
        while (true) {
            double x = 2 * nextFineUnit() - 1;
            double y = 2 * nextFineUnit() - 1;
            double square = x * x + y * y;
            if (square > 0 && square < 1) {
                return x * StrictMath.sqrt(-2 * StrictMath.log(square) / square);
            }
        }
    }
}
