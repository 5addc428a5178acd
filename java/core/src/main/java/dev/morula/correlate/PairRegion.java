package dev.morula.correlate;

/**
 * Pairs of positions, the right one above the left one: those whose left position is below {@code left} and whose right
 * position is at least {@code firstRight}. With as many left positions as there are, and no bound on the right ones, these
 * are all pairs.
 *
 * @param positions how many positions there are
 * @param left how many of them, from the first on, pairs begin at
 * @param firstRight 0, or {@code left} if no pair is to lie among the left positions
 */
record PairRegion(int positions, int left, int firstRight) {
    /** How many pairs that is. */
    long pairs() {
        return pairs(positions, left, firstRight);
    }

    static long pairs(long positions, long left, long firstRight) {
        return firstRight == 0 ? left * (2 * positions - left - 1) / 2 : left * (positions - firstRight);
    }

    /** The end of the left positions that a pair begins at. */
    long leftEnd() {
        return firstRight == 0 ? Math.min(left, positions - 1) : firstRight < positions ? left : 0;
    }

    /** How many right positions from {@code first} to {@code end} make a pair with {@code leftPosition}. */
    long partners(long leftPosition, long first, long end) {
        return Math.max(0, end - Math.max(first, Math.max(leftPosition + 1, firstRight)));
    }
}
