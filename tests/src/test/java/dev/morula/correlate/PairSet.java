package dev.morula.correlate;

import java.util.BitSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** A set of pairs of neurons i < j, one bit a pair of the whole matrix: a million pairs are compared in microseconds. */
public final class PairSet {
    private static final int SHOWN = 10;

    private final int neurons;
    private final BitSet pairs;

    PairSet(int neurons) {
        this.neurons = neurons;
        this.pairs = new BitSet(neurons * neurons);
    }

    /** The pairs of {@code found}; fails if one is listed twice or is no pair i < j. */
    static PairSet of(EdgeList found, int neurons) {
        PairSet set = new PairSet(neurons);
        for (EdgeList.Chunk chunk : found.chunks()) {
            long[] pairs = new long[chunk.count()];
            chunk.pairs().read(0, pairs, 0, pairs.length);
            for (long pair : pairs) {
                set.addNew((int) (pair >> 32), (int) pair);
            }
        }
        return set;
    }

    void add(int i, int j) {
        pairs.set(i * neurons + j);
    }

    private void addNew(int i, int j) {
        if (i < 0 || j <= i || j >= neurons) {
            throw new AssertionError("(" + i + ", " + j + ") is no pair of " + neurons + " neurons");
        }
        if (pairs.get(i * neurons + j)) {
            throw new AssertionError("pair (" + i + ", " + j + ") is listed twice");
        }
        add(i, j);
    }

    boolean contains(int i, int j) {
        return pairs.get(i * neurons + j);
    }

    /** The pairs as smaller neuron * 2^32 + larger neuron. */
    public Set<Long> longs() {
        return pairs.stream()
                .mapToObj(pair -> (long) (pair / neurons) << 32 | pair % neurons)
                .collect(Collectors.toSet());
    }

    int size() {
        return pairs.cardinality();
    }

    /** The first pairs that only one of the sets has. */
    List<String> differenceTo(PairSet other) {
        BitSet difference = (BitSet) pairs.clone();
        difference.xor(other.pairs);
        return difference.stream()
                .limit(SHOWN)
                .mapToObj(pair -> "(" + pair / neurons + ", " + pair % neurons + ")"
                        + (pairs.get(pair) ? " here only" : " there only"))
                .toList();
    }
}
