package dev.morula.redundancy.chunks;

import dev.morula.MorulaException;
import dev.morula.redundancy.Estimate;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Test errors by chunk size of networks that differ in their seed alone, on the same test samples.
 *
 * @param sizes ascending
 * @param sharesWrong by network, size and sample: the share of chunks that get it wrong
 */
public record SeedCurves(int[] sizes, float[][][] sharesWrong) {
    public SeedCurves {
        for (float[][] network : sharesWrong) {
            if (network.length != sizes.length) {
                throw MorulaException.input(
                        "chunk errors: a network has %d sizes, another %d; all must have the same",
                        network.length, sizes.length);
            }
            for (float[] samples : network) {
                if (samples.length != sharesWrong[0][0].length) {
                    throw MorulaException.input(
                            "chunk errors: a network has %d test samples, another %d; all must have the same",
                            samples.length, sharesWrong[0][0].length);
                }
            }
        }
    }

    /** One list a network, as {@link ChunkErrors#of} makes it of the test samples. */
    public static SeedCurves of(List<List<ChunkErrors>> networks) {
        return new SeedCurves(
                networks.get(0).stream().mapToInt(ChunkErrors::size).toArray(),
                networks.stream()
                        .map(sizes ->
                                sizes.stream().map(ChunkErrors::sharesWrong).toArray(float[][]::new))
                        .toArray(float[][][]::new));
    }

    int networks() {
        return sharesWrong.length;
    }

    int samples() {
        return sharesWrong[0][0].length;
    }

    /** Those of sizes of at least {@code least}. */
    SeedCurves from(double least) {
        int[] kept = IntStream.range(0, sizes.length)
                .filter(size -> sizes[size] >= least)
                .toArray();
        float[][][] shares = new float[networks()][kept.length][];
        for (int network = 0; network < networks(); network++) {
            for (int k = 0; k < kept.length; k++) {
                shares[network][k] = sharesWrong[network][kept[k]];
            }
        }
        return new SeedCurves(IntStream.of(kept).map(size -> sizes[size]).toArray(), shares);
    }

    /** The mean over networks of each size's error, with its standard error. */
    Estimate[] errors() {
        Estimate[] errors = new Estimate[sizes.length];
        for (int size = 0; size < sizes.length; size++) {
            double[] means = new double[networks()];
            for (int network = 0; network < means.length; network++) {
                double sum = 0;
                for (float share : sharesWrong[network][size]) {
                    sum += share;
                }
                means[network] = sum / samples();
            }
            errors[size] = Estimate.of(means);
        }
        return errors;
    }
}
