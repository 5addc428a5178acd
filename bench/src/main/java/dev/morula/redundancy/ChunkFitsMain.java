package dev.morula.redundancy;

import dev.morula.data.Npy;
import dev.morula.kernel.Kernels;
import dev.morula.kernel.Matrix;
import dev.morula.kernel.Workers;
import dev.morula.redundancy.chunks.ChunkFits;
import java.nio.file.Path;
import java.util.List;

/**
 * Fits random chunks of one size to a layer in a file, for comparison with others (bench/peers/compare_chunks.py): {@code
 * LAYER.npy SIZE DRAWS THREADS}. Prints a JSON object whose seconds count everything from the opened layer on.
 */
public final class ChunkFitsMain {
    private ChunkFitsMain() {}

    public static void main(String[] arguments) {
        int[] sizes = {Integer.parseInt(arguments[1])};
        int draws = Integer.parseInt(arguments[2]);
        try (Kernels kernels = Kernels.cpu();
                Workers workers = new Workers(Integer.parseInt(arguments[3]));
                Matrix layer = Npy.open(Path.of(arguments[0])).map()) {
            long start = System.nanoTime();
            List<ChunkFits> fits;
            double gramSeconds;
            try (Gram gram = Gram.of(layer, kernels, workers)) {
                gramSeconds = (System.nanoTime() - start) / 1e9;
                fits = ChunkFits.of(gram, sizes, draws, 1, kernels, workers);
            }
            double seconds = (System.nanoTime() - start) / 1e9;
            ChunkFits of = fits.get(0);
            System.out.printf(
                    "{\"seconds\": %.3f, \"gramSeconds\": %.3f, \"r2\": %s, \"residualCorrelation\": %s, "
                            + "\"residualCorrelationAllPairs\": %s, \"neurons\": %d, \"samples\": %d}%n",
                    seconds,
                    gramSeconds,
                    of.r2().mean(),
                    of.residualCorrelation().mean(),
                    of.residualCorrelationAllPairs().mean(),
                    layer.columns(),
                    layer.rows());
        }
    }
}
