package dev.morula.redundancy;

import dev.morula.kernel.Block;
import dev.morula.kernel.ElementType;
import dev.morula.kernel.Kernels;
import dev.morula.kernel.Matrix;
import dev.morula.kernel.Workers;
import java.util.ArrayList;
import java.util.List;

/**
 * Products of all pairs of a layer's neurons, each less its mean: {@code products = (H - means)^T (H - means)} in float64.
 * What a linear fit from some neurons to others explains follows from it, without the samples.
 *
 * @param products neurons x neurons, F64
 * @param means one a neuron
 * @param samples that were summed over
 */
public record Gram(Matrix products, double[] means, long samples) implements AutoCloseable {
    private static final int SIDE = 512; // neurons of a block

    /** The Gram matrix of {@code activations} (samples x neurons, F32); takes 8 neurons^2 bytes. */
    public static Gram of(Matrix activations, Kernels kernels, Workers workers) {
        double[] means = means(activations, workers);
        long neurons = activations.columns();
        Matrix products = Matrix.allocate(ElementType.F64, neurons, neurons);
        try (Matrix centre = Matrix.allocate(ElementType.F64, 1, neurons)) {
            centre.write(0, means, 0, means.length);
            List<Block> blocks = upperBlocks(neurons);
            workers.forEach(blocks.size(), (block, worker) -> kernels.algebra()
                    .gram(products, activations, centre, blocks.get((int) block)));
            return new Gram(products, means, activations.rows());
        } catch (RuntimeException | Error e) {
            products.close();
            throw e;
        }
    }

    public int neurons() {
        return means.length;
    }

    private static List<Block> upperBlocks(long neurons) {
        List<Block> blocks = new ArrayList<>();
        for (long row = 0; row < neurons; row += SIDE) {
            for (long column = row; column < neurons; column += SIDE) {
                blocks.add(new Block(row, Math.min(SIDE, neurons - row), column, Math.min(SIDE, neurons - column)));
            }
        }
        return blocks;
    }

    /** Means of columns; each is summed in the order of the samples, whatever the number of threads. */
    static double[] means(Matrix activations, Workers workers) {
        int neurons = Math.toIntExact(activations.columns());
        double[] means = new double[neurons];
        workers.forEach((neurons + SIDE - 1L) / SIDE, (part, worker) -> {
            int first = (int) part * SIDE;
            float[] row = new float[Math.min(SIDE, neurons - first)];
            for (long sample = 0; sample < activations.rows(); sample++) {
                activations.read(sample * neurons + first, row, 0, row.length);
                for (int k = 0; k < row.length; k++) {
                    means[first + k] += row[k];
                }
            }
            for (int k = 0; k < row.length; k++) {
                means[first + k] /= activations.rows();
            }
        });
        return means;
    }

    @Override
    public void close() {
        products.close();
    }
}
