package dev.morula.correlate;

import dev.morula.kernel.ElementType;
import dev.morula.kernel.Kernels;
import dev.morula.kernel.Kernels.Panel;
import dev.morula.kernel.Kernels.Side;
import dev.morula.kernel.Kernels.Tile;
import dev.morula.kernel.Matrix;
import dev.morula.kernel.ScreenKernels.Sense;

/**
 * What one tile of a small part of a layer shows.
 *
 * @param packSeconds what packing a row takes one thread
 * @param tileSeconds what looking at a pair takes one thread
 * @param found the share of pairs that are not ruled out
 */
record Trial(double packSeconds, double tileSeconds, double found) {
    private static final int ROUNDS = 3; // the fastest counts: whatever else ran only makes it slower

    /** Looks at the pairs of the first {@code left} positions of {@code rows} with the {@code right} ones behind them. Null thresholds: all have that of the rows. */
    static Trial of(PackedRows rows, Matrix thresholds, long left, long right, Kernels kernels) {
        try (Matrix leftMemory = bytes(kernels.packedBytes(Side.LEFT, left, rows.columns()));
                Matrix negated = bytes(kernels.packedBytes(Side.LEFT, left, rows.columns()));
                Matrix rightMemory = bytes(kernels.packedBytes(Side.RIGHT, right, rows.columns()));
                Matrix workspace = bytes(kernels.tileWorkspaceBytes());
                Matrix pairs = Matrix.allocate(ElementType.I64, 2, left * right)) {
            Panel packed = pack(rows, leftMemory, 0, left, Side.LEFT, Sense.CORRELATION);
            boolean both = rows.senses().size() > 1;
            if (both) {
                pack(rows, negated, 0, left, Side.LEFT, Sense.NEGATED_CORRELATION);
            }
            double packSeconds = Double.POSITIVE_INFINITY;
            Panel other = null;
            for (int round = 0; round < 2; round++) { // the first one touches the memory
                long start = System.nanoTime();
                other = pack(rows, rightMemory, left, right, Side.RIGHT, Sense.CORRELATION);
                packSeconds = Math.min(packSeconds, (System.nanoTime() - start) * 1e-9);
            }
            Tile tile = new Tile(packed, both ? negated : null, other, rows.columns(), rows.sign(), thresholds);
            double cut = rows.cut(packed.error(), other.error());
            double best = Double.POSITIVE_INFINITY;
            long found = 0;
            for (int round = 0; round < ROUNDS; round++) {
                long start = System.nanoTime();
                found = kernels.correlateTile(pairs, workspace, tile, cut);
                best = Math.min(best, (System.nanoTime() - start) * 1e-9);
            }
            double all = (double) left * right;
            return new Trial(packSeconds / right, best / all, found / all);
        }
    }

    private static Panel pack(PackedRows rows, Matrix memory, long position, long count, Side side, Sense sense) {
        return new Panel(memory, position, count, rows.pack(memory, position, count, side, sense));
    }

    private static Matrix bytes(long bytes) {
        return Matrix.allocate(ElementType.I64, 1, (bytes + Long.BYTES - 1) / Long.BYTES);
    }
}
