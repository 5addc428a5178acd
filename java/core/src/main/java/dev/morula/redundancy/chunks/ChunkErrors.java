package dev.morula.redundancy.chunks;

import dev.morula.kernel.Kernels;
import dev.morula.kernel.Workers;
import dev.morula.redundancy.Estimate;
import dev.morula.redundancy.Features;
import dev.morula.redundancy.ReadOut;
import java.util.Arrays;
import java.util.List;

/**
 * How often chunks of one size predict a wrong label: {@code logits = H[:, I] V[:, I]^T + b}, read-out and bias as they
 * are. Logits that are not numbers are wrong.
 *
 * @param size neurons of a chunk
 * @param errors one a chunk: the share of samples that it gets wrong
 * @param sharesWrong one a sample: the share of chunks that get it wrong
 */
public record ChunkErrors(int size, double[] errors, float[] sharesWrong) {

    /** The mean over chunks. */
    public Estimate error() {
        return Estimate.of(errors);
    }

    /**
     * Errors of {@code draws} random chunks of each of {@code sizes}; the same chunks for any features of that width.
     *
     * @return one a size, in their order
     */
    public static List<ChunkErrors> of(
            Features features, ReadOut readOut, int[] sizes, int draws, long seed, Kernels kernels, Workers workers) {
        List<int[][]> chunks = Arrays.stream(sizes)
                .mapToObj(size -> RandomChunks.of(features.neurons(), size, draws, seed))
                .toList();
        return of(features, readOut, chunks, kernels, workers);
    }

    /**
     * Errors of chunks that were chosen somehow.
     *
     * @param sets of at least one chunk each; a set's size is that of its first chunk
     * @return one a set
     */
    public static List<ChunkErrors> of(
            Features features, ReadOut readOut, List<int[][]> sets, Kernels kernels, Workers workers) {
        return new ChunkPredictions(features, readOut, sets).errors(kernels, workers);
    }
}
