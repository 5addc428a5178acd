package dev.morula.train;

import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/**
 * Random numbers that depend on the seed alone. The generator is named, and only its raw 64-bit output is
 * used, so that a run repeats on every JDK and machine.
 */
final class RandomNumbers {
    private static final float UNIT = 0x1p-24f;

    private final RandomGenerator bits;
    private double spare; // the polar method makes two numbers at a time
    private boolean hasSpare;

    RandomNumbers(long seed) {
        bits = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    }

    /** The numbers 0 to {@code count - 1} in random order (Fisher and Yates). */
    int[] permutation(int count) {
        int[] order = new int[count];
        for (int i = 0; i < count; i++) {
            int other = nextBelow(i + 1);
            order[i] = order[other];
            order[other] = i;
        }
        return order;
    }

    /** Uniform in [0, 1), one of 2^24 values. */
    float nextUnit() {
        return (bits.nextLong() >>> 40) * UNIT;
    }

    /** Normal with mean 0 and variance 1 (Marsaglia's polar method). */
    double nextGaussian() {
        if (hasSpare) {
            hasSpare = false;
            return spare;
        }
        double x;
        double y;
        double square;
        do {
            x = nextSigned();
            y = nextSigned();
            square = x * x + y * y;
        } while (square >= 1 || square == 0);
        double scale = Math.sqrt(-2 * StrictMath.log(square) / square);
        spare = scale * y;
        hasSpare = true;
        return scale * x;
    }

    /** Uniform in [-1, 1), one of 2^53 values. */
    private double nextSigned() {
        return (bits.nextLong() >> 11) * 0x1p-52;
    }

    private int nextBelow(int bound) {
        return (int) ((bits.nextLong() >>> 32) * bound >>> 32);
    }
}
