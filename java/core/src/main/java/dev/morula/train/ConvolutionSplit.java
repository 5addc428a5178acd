package dev.morula.train;

import dev.morula.kernel.Block;
import java.util.ArrayList;
import java.util.List;

/**
 * Shares out a convolution's work in blocks of samples (as rows) and columns. They depend on sizes and the number of threads
 * only, so results repeat. A device that computes whole operations is given one block.
 */
final class ConvolutionSplit {
    /**
     * Every block packs the weights that it reads, or leaves a part of their gradient to be added up: with so many positions
     * of the output that takes under 2 %. Where there are fewer positions, the columns are shared out instead.
     */
    private static final long FEWEST_POSITIONS = 2048;

    /** A block of fewer columns leaves lanes of vectors unused. */
    private static final long FEWEST_COLUMNS = 32;

    private ConvolutionSplit() {}

    /**
     * The blocks of a result with {@code columns} columns, ordered by columns, then samples.
     *
     * @param positions of one sample of the layer's output
     * @param most parts of the samples
     */
    static List<Block> blocks(long samples, long positions, long columns, Site site, long most) {
        if (site.kernels().computesWholeOperations()) {
            return List.of(Block.whole(samples, columns));
        }
        long workers = site.workers().count();
        long sampleParts = sampleParts(samples, positions, most);
        long missing = (workers + sampleParts - 1) / sampleParts;
        long columnParts = Math.max(1, Math.min(missing, columns / FEWEST_COLUMNS));
        List<Block> blocks = new ArrayList<>();
        for (long column = 0; column < columnParts; column++) {
            long firstColumn = columns * column / columnParts;
            long endColumn = columns * (column + 1) / columnParts;
            for (long part = 0; part < sampleParts; part++) {
                long first = samples * part / sampleParts;
                long end = samples * (part + 1) / sampleParts;
                blocks.add(new Block(first, end - first, firstColumn, endColumn - firstColumn));
            }
        }
        return blocks;
    }

    /** Into how many parts the samples are cut; with fewer samples never into more. */
    static long sampleParts(long samples, long positions, long most) {
        return Math.max(1, Math.min(Math.min(most, samples), samples * positions / FEWEST_POSITIONS));
    }
}
