package dev.morula.correlate;

import dev.morula.kernel.ElementType;
import dev.morula.kernel.Kernels;
import dev.morula.kernel.Matrix;
import dev.morula.kernel.Sign;
import dev.morula.kernel.Workers;
import java.util.Arrays;

/**
 * A few pairs of each position that are likely to be strong, none of them twice: the weakest of a neuron's is a bound on
 * what its strongest partners must be. Positions are looked at in blocks of neighbours, which the order of a screened
 * plan has put side by side; the projections say which of them look alike.
 */
final class SeedPairs {
    private static final int MOST = 1024; // partners for which looking at blocks pays
    private static final int CHOSEN_FROM = 1024;
    private static final int ALL_OF = 256;

    private final ScreenRows rows;
    private final Sign sign;
    private final long positions;
    private final int wanted;
    private final int block;
    private final Kernels kernels;
    private final Workers workers;
    private long nextBlock;

    /** For the {@code most} strongest partners each; {@code rows}: their projections; may be null. */
    SeedPairs(ScreenRows rows, long positions, int most, Sign sign, Kernels kernels, Workers workers) {
        this.rows = rows;
        this.sign = sign;
        this.positions = positions;
        this.kernels = kernels;
        this.workers = workers;
        this.wanted = most + most / 4 + 4;
        this.block = most > MOST ? 0 : Math.max(rows == null ? ALL_OF : CHOSEN_FROM, 4 * most);
    }

    /** Goes on until {@code candidates} are full, or all blocks have been looked at. */
    void fill(Candidates candidates) {
        while (!isDone() && !candidates.isFull()) {
            long first = nextBlock;
            nextBlock = Math.min(blocks(), first + 4L * workers.count());
            workers.forEach(nextBlock - first, (part, worker) -> add((first + part) * block, candidates, worker));
        }
    }

    boolean isDone() {
        return nextBlock >= blocks();
    }

    /** None where blocks would be most of the layer. */
    private long blocks() {
        return block == 0 || positions < 2L * block ? 0 : (positions + block - 1) / block;
    }

    private void add(long first, Candidates candidates, int worker) {
        int count = (int) Math.min(block, positions - first);
        boolean[] chosen = rows == null ? null : choose((int) first, count);
        long[] pairs = new long[count];
        try (Matrix row = Matrix.allocate(ElementType.I64, 1, count)) {
            for (int i = 0; i < count; i++) {
                int found = 0;
                for (int j = i + 1; j < count; j++) {
                    if (chosen == null || chosen[i * count + j] || chosen[j * count + i]) {
                        pairs[found++] = first + i << 32 | first + j;
                    }
                }
                row.write(0, pairs, 0, found);
                candidates.add(row, found, worker);
            }
        }
    }

    /** count x count: which others each row's product is largest with. */
    private boolean[] choose(int first, int count) {
        boolean[] chosen = new boolean[count * count];
        try (Matrix projected = rows.projected(first, count);
                Matrix products = Matrix.allocate(ElementType.F32, count, count)) {
            kernels.product(products, projected, projected);
            for (int i = 0; i < count; i++) {
                float[] strengths = products.row(i);
                for (int j = 0; j < count && sign == Sign.ABSOLUTE; j++) {
                    strengths[j] = Math.abs(strengths[j]);
                }
                strengths[i] = Float.NEGATIVE_INFINITY;
                float least = largest(strengths, wanted);
                for (int j = 0; j < count; j++) {
                    chosen[i * count + j] = j != i && strengths[j] >= least;
                }
            }
        }
        return chosen;
    }

    /** The {@code place}-th largest of {@code values}; the smallest if there are fewer. */
    private static float largest(float[] values, int place) {
        float[] top = new float[Math.min(place, values.length)]; // ascending
        Arrays.fill(top, Float.NEGATIVE_INFINITY);
        for (float value : values) {
            if (value > top[0]) {
                int at = 0;
                while (at + 1 < top.length && top[at + 1] < value) {
                    top[at] = top[++at];
                }
                top[at] = value;
            }
        }
        return top[0];
    }
}
