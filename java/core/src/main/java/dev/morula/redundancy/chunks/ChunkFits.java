package dev.morula.redundancy.chunks;

import dev.morula.kernel.AlgebraKernels;
import dev.morula.kernel.AlgebraKernels.ChunkFit;
import dev.morula.kernel.ElementType;
import dev.morula.kernel.Kernels;
import dev.morula.kernel.Matrix;
import dev.morula.kernel.Workers;
import dev.morula.redundancy.Estimate;
import dev.morula.redundancy.Gram;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * How well chunks of one size predict the layer that they are of: a ridge regression ({@link #ALPHA}, with an intercept)
 * from a chunk's activations to those of all neurons, on the samples of a {@link Gram} matrix. Constant neurons have no
 * part in it.
 *
 * @param size neurons of a chunk
 * @param r2 share of the layer's variance that the fit explains: 1 - sum of SSE / sum of SST over neurons
 * @param residualCorrelation mean absolute correlation of residuals over pairs of neurons outside the chunk, less those of
 *     whose variance under 1e-12 is left
 * @param residualCorrelationAllPairs the same over all pairs, as the paper has it: where nothing is left of a neuron, as of
 *     those of the chunk, its pairs count as 0
 * @param independentNoise the mean absolute correlation that independent residuals would show; null where the fit takes all
 *     degrees of freedom
 * @param predicted neurons outside a chunk of which nothing is left; mean over chunks
 */
public record ChunkFits(
        int size,
        Estimate r2,
        Estimate residualCorrelation,
        Estimate residualCorrelationAllPairs,
        Double independentNoise,
        Double predicted) {
    /** What the squares of coefficients cost. */
    public static final double ALPHA = 1e-8;

    /**
     * Fits of {@code draws} random chunks of each of {@code sizes}, the first of those that {@link ChunkErrors} draws. It
     * takes {@link #bytes}, the Gram matrix among them.
     *
     * @return one a size below the layer's width, in their order
     */
    public static List<ChunkFits> of(Gram gram, int[] sizes, int draws, long seed, Kernels kernels, Workers workers) {
        List<ChunkFits> fits = new ArrayList<>();
        boolean finite = isFinite(gram);
        for (int size : sizes) {
            if (size < gram.neurons()) {
                int[][] chunks = RandomChunks.of(gram.neurons(), size, draws, seed);
                fits.add(finite ? of(gram, chunks, kernels, workers) : undefined(size));
            }
        }
        return fits;
    }

    /** Fits of chunks that were chosen somehow, of a layer whose activations are finite. */
    public static ChunkFits of(Gram gram, int[][] chunks, Kernels kernels, Workers workers) {
        AlgebraKernels algebra = kernels.algebra();
        int largest =
                Arrays.stream(chunks).mapToInt(chunk -> chunk.length).max().orElseThrow();
        ChunkFit[] fits = new ChunkFit[chunks.length];
        List<Matrix> workspaces = new ArrayList<>();
        try {
            for (int worker = 0; worker < Math.min(workers.count(), chunks.length); worker++) {
                workspaces.add(Matrix.allocate(ElementType.F64, 1, algebra.chunkFitWorkspace(gram.neurons(), largest)));
            }
            workers.forEach(
                    chunks.length,
                    (part, worker) -> fits[(int) part] =
                            algebra.fitChunk(gram.products(), chunks[(int) part], workspaces.get(worker), ALPHA));
        } finally {
            workspaces.forEach(Matrix::close);
        }
        return summary(chunks[0].length, gram.samples(), fits);
    }

    /**
     * Bytes that fits of chunks below a layer's width take at most: the Gram matrix of 8 neurons^2, and for each worker 8
     * (size^2 + 2 size neurons) for the largest size, half the width where sizes are halved.
     */
    public static long bytes(long neurons, long largestSize, Workers workers) {
        return Double.BYTES * neurons * neurons
                + workers.count() * Double.BYTES * (largestSize * largestSize + 2 * largestSize * neurons);
    }

    private static ChunkFits summary(int size, long samples, ChunkFit[] fits) {
        long freedom = samples - size - 1;
        return new ChunkFits(
                size,
                Estimate.of(Arrays.stream(fits)
                        .mapToDouble(fit -> 1 - fit.residualSquares() / fit.totalSquares())
                        .toArray()),
                Estimate.of(Arrays.stream(fits)
                        .mapToDouble(fit -> fit.heldOut() / fit.heldOutPairs())
                        .toArray()),
                Estimate.of(Arrays.stream(fits)
                        .mapToDouble(fit -> fit.all() / fit.allPairs())
                        .toArray()),
                freedom > 0 ? Math.sqrt(2 / (Math.PI * freedom)) : null,
                Estimate.of(Arrays.stream(fits).mapToDouble(ChunkFit::predicted).toArray())
                        .mean());
    }

    private static ChunkFits undefined(int size) {
        return new ChunkFits(size, Estimate.NONE, Estimate.NONE, Estimate.NONE, null, null);
    }

    private static boolean isFinite(Gram gram) {
        double[] own = new double[1];
        for (long neuron = 0; neuron < gram.neurons(); neuron++) {
            gram.products().read(neuron * gram.neurons() + neuron, own, 0, 1);
            if (!Double.isFinite(own[0])) {
                return false;
            }
        }
        return true;
    }
}
