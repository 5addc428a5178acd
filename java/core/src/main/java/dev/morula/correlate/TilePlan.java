package dev.morula.correlate;

import dev.morula.MorulaException;
import dev.morula.kernel.ElementType;
import dev.morula.kernel.Kernels;
import dev.morula.kernel.Kernels.PanelSizes;
import dev.morula.kernel.Kernels.Side;

/**
 * How the pairs of a layer are cut into tiles.
 *
 * @param left rows of a left panel
 * @param right rows of a right panel
 * @param leftPanels left panels kept packed at a time
 * @param bytes what all panels, workspaces and survivor lists take together
 */
public record TilePlan(long left, long right, long leftPanels, long bytes) {
    /** Left panels of narrow rows are kept packed beyond what the device wants at hand, up to so many bytes. */
    private static final long LEFT_BYTES = 64L << 20;

    /**
     * The largest tiles of rows of {@code columns} numbers that suit the device and take half of {@code memory} at most.
     *
     * @throws MorulaException kind RESOURCES if even the smallest do not fit
     */
    static TilePlan choose(Kernels kernels, long neurons, long columns, long packing, int threads, long memory) {
        PanelSizes best = kernels.panelSizes();
        long mostPanels =
                Math.max(best.leftPanels(), LEFT_BYTES / kernels.packedBytes(Side.LEFT, best.left(), columns));
        long left = Math.min(best.left(), neurons);
        long right = Math.min(best.right(), neurons);
        long leftPanels = Math.min(mostPanels, (neurons + left - 1) / left);
        while (true) {
            TilePlan plan = of(kernels, left, right, leftPanels, columns, packing, threads);
            if (plan.bytes <= memory / 2) {
                return plan;
            } else if (leftPanels > 1) {
                leftPanels = (leftPanels + 1) / 2;
            } else if (right > 1) {
                right = (right + 1) / 2;
                left = Math.min(left, right);
            } else {
                throw MorulaException.resources(
                        "%,d bytes of memory are left for the panels of rows of %,d numbers, but %,d at least are needed",
                        Math.max(memory, 0), columns, 2 * plan.bytes);
            }
        }
    }

    /**
     * Bytes below which rows of {@code columns} numbers cannot be looked at by {@code threads} threads, packing a row taking
     * {@code packing} bytes.
     */
    static long leastBytes(Kernels kernels, long columns, long packing, int threads) {
        return 2 * of(kernels, 1, 1, 1, columns, packing, threads).bytes;
    }

    private static TilePlan of(
            Kernels kernels, long left, long right, long leftPanels, long columns, long packing, int threads) {
        long perThread = kernels.packedBytes(Side.RIGHT, right, columns)
                + Math.max(left, right) * packing
                + kernels.tileWorkspaceBytes()
                + 2 * left * right * ElementType.I64.bytes();
        long bytes = leftPanels * kernels.packedBytes(Side.LEFT, left, columns) + threads * perThread;
        return new TilePlan(left, right, leftPanels, bytes);
    }

    /** Left neurons of one group of panels. */
    long groupRows() {
        return left * leftPanels;
    }
}
