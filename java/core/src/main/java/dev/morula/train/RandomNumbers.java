package dev.morula.train;

import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/**
 * Random numbers that depend on the seed alone. The generator is named, only its raw 64-bit output is used, and the
 * functions are StrictMath's, so that a run repeats on every JDK and machine.
 */
final class RandomNumbers {
    private static final double UNIT = 0x1p-53;

    private final RandomGenerator bits;

    RandomNumbers(long seed) {
        bits = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    }

    /** Normally distributed with mean 0 and variance 1 (Box and Muller, 1958; the sine is not used). */
    double nextNormal() {
        double radius = StrictMath.sqrt(-2 * StrictMath.log(1 - nextUnit()));
        return radius * StrictMath.cos(2 * Math.PI * nextUnit());
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

    /** Uniform in [0, 1). */
    private double nextUnit() {
        return (bits.nextLong() >>> 11) * UNIT;
    }

    private int nextBelow(int bound) {
        return (int) ((bits.nextLong() >>> 32) * bound >>> 32);
    }
}
