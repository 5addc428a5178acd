package dev.morula.train;

import dev.morula.kernel.Block;
import java.util.ArrayList;
import java.util.List;

/**
 * Shares out a layer's work. The blocks depend on sizes and the number of threads only, so results repeat. A device that
 * computes whole operations is given one block.
 */
final class WorkSplit {
    /** A block's result and what is done to it right after the product stay in the L2 cache. */
    private static final long CACHED_ELEMENTS = 1 << 16;

    /** A result that has fewer rows or columns than this is narrow, such as a read-out to ten classes. */
    private static final long NARROW = 64;

    /** OpenBLAS does products of up to so many multiplications without packing, which halves the time of narrow ones. */
    private static final long UNPACKED_MULTIPLICATIONS = 1_000_000;

    private WorkSplit() {}

    /** Blocks of a {@code rows} x {@code columns} product whose inner dimension is {@code inner}. */
    static List<Block> product(long rows, long columns, long inner, Site site) {
        if (site.kernels().computesWholeOperations()) {
            return List.of(Block.whole(rows, columns));
        }
        long most = Math.min(rows, columns) < NARROW
                ? Math.min(CACHED_ELEMENTS, UNPACKED_MULTIPLICATIONS / inner)
                : CACHED_ELEMENTS;
        return Block.split(rows, columns, site.workers().count(), most);
    }

    /**
     * Blocks of a {@code rows} x {@code channels} matrix for work whose sums go down the rows: of all rows, or, where there
     * are more of these than channels, of all channels and then one a worker at most.
     */
    static List<Block> channels(long rows, long channels, Site site) {
        int workers = site.workers().count();
        if (rows * channels < CACHED_ELEMENTS || site.kernels().computesWholeOperations()) {
            return List.of(Block.whole(rows, channels));
        } else if (rows <= channels) {
            return Block.split(rows, channels, workers, CACHED_ELEMENTS);
        }
        long width = (rows + workers - 1) / workers;
        List<Block> blocks = new ArrayList<>();
        for (long first = 0; first < rows; first += width) {
            blocks.add(new Block(first, Math.min(width, rows - first), 0, channels));
        }
        return blocks;
    }
}
