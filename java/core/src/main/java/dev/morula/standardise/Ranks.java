package dev.morula.standardise;

import dev.morula.kernel.ElementType;
import dev.morula.kernel.Kernels;
import dev.morula.kernel.Matrix;
import dev.morula.kernel.MatrixAllocator;
import dev.morula.kernel.Progress;
import dev.morula.kernel.Stage;
import dev.morula.kernel.Workers;

/**
 * The ranks of a layer's activations, of which Pearson's correlation is Spearman's (C. Spearman, The proof and measurement
 * of association between two things, 1904). They are stored as integers centred at 0, so that nothing is rounded.
 */
public final class Ranks {
    private static final Stage STAGE = new Stage("rank", Stage.Unit.NEURONS);
    private static final long MOST_SAMPLES_IN_F32 = (1L << 24) + 1; // 2 rank - (samples + 1) reaches samples - 1
    private static final int BLOCK = 16; // neurons a part of parallel work: some milliseconds

    private Ranks() {}

    /** The type that holds the ranks of {@code samples} samples exactly. */
    public static ElementType type(long samples) {
        return samples <= MOST_SAMPLES_IN_F32 ? ElementType.F32 : ElementType.F64;
    }

    /**
     * Ranks every neuron of {@code values} (neurons x samples, raw) over the samples: 2 rank - (samples + 1) with rank from
     * 1 to samples, ties averaged, -0 equal to +0. A neuron that is NaN or infinite on some sample has ranks NaN.
     *
     * @param allocator of the result, which has the shape of {@code values} and the type of {@link #type}
     */
    public static Matrix of(
            Matrix values, MatrixAllocator allocator, Kernels kernels, Workers workers, Progress progress) {
        Matrix ranks = allocator.allocate(type(values.columns()), values.rows(), values.columns());
        long blocks = (values.rows() + BLOCK - 1) / BLOCK;
        try {
            workers.forEach(blocks, (block, worker) -> {
                long first = block * BLOCK;
                long count = Math.min(BLOCK, values.rows() - first);
                kernels.rank(ranks.slice(first, count), values.slice(first, count));
                if (worker == 0) {
                    progress.report(STAGE, first, values.rows());
                }
            });
            progress.report(STAGE, values.rows(), values.rows());
            return ranks;
        } catch (RuntimeException | Error e) {
            ranks.close();
            throw e;
        }
    }
}
