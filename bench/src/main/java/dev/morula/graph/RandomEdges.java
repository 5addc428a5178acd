package dev.morula.graph;

import dev.morula.correlate.EdgeList;
import dev.morula.kernel.ElementType;
import dev.morula.kernel.Matrix;
import java.util.SplittableRandom;

/**
 * Random edges whose ends are drawn from a power law, as degrees of trained layers spread: the neuron of rank k is drawn
 * in proportion to 1 / sqrt(k). Ranks are scattered over the indices. An edge may occur twice.
 */
public final class RandomEdges {
    private static final int BATCH = 1 << 16;
    private static final long MULTIPLIER = 0x9e3779b1L; // odd and large: scatters neighbouring ranks

    private RandomEdges() {}

    /** {@code count} edges of a layer of {@code neurons}. */
    public static EdgeList of(int neurons, long count) {
        SplittableRandom random = new SplittableRandom(1);
        EdgeList edges = new EdgeList();
        long[] pairs = new long[BATCH];
        float[] values = new float[BATCH];
        try (Matrix somePairs = Matrix.allocate(ElementType.I64, 1, BATCH);
                Matrix someValues = Matrix.allocate(ElementType.F32, 1, BATCH)) {
            for (long done = 0; done < count; done += BATCH) {
                int length = (int) Math.min(BATCH, count - done);
                for (int k = 0; k < length; k++) {
                    pairs[k] = pair(neurons, random);
                    values[k] = (float) random.nextDouble(0.9, 1);
                }
                somePairs.write(0, pairs, 0, length);
                someValues.write(0, values, 0, length);
                edges.add(somePairs, someValues, length);
            }
        }
        return edges;
    }

    private static long pair(int neurons, SplittableRandom random) {
        long i;
        long j;
        do {
            i = neuron(neurons, random);
            j = neuron(neurons, random);
        } while (i == j);
        return Math.min(i, j) << 32 | Math.max(i, j);
    }

    private static long neuron(int neurons, SplittableRandom random) {
        double u = random.nextDouble();
        return (long) (u * u * neurons) * MULTIPLIER % neurons;
    }
}
