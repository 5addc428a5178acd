package dev.morula.redundancy.clones;

/**
 * How far two partitions agree on pairs, less what chance gives (Hubert and Arabie 1985): (pairs together in both - expected)
 * / (mean of pairs together in either - expected). Counted pair by pair, as the definition says.
 */
final class AdjustedRandIndex {
    private AdjustedRandIndex() {}

    /** 1 for the same partition, 0 on average for independent ones; 0 where both are all alone or all together. */
    static double of(int[] one, int[] other) {
        double both = 0;
        double inOne = 0;
        double inOther = 0;
        for (int a = 0; a < one.length; a++) {
            for (int b = a + 1; b < one.length; b++) {
                inOne += one[a] == one[b] ? 1 : 0;
                inOther += other[a] == other[b] ? 1 : 0;
                both += one[a] == one[b] && other[a] == other[b] ? 1 : 0;
            }
        }
        double pairs = one.length * (one.length - 1) / 2.0;
        double expected = inOne * inOther / pairs;
        double most = (inOne + inOther) / 2;
        return most == expected ? 0 : (both - expected) / (most - expected);
    }
}
