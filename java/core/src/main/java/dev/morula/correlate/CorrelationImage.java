package dev.morula.correlate;

import dev.morula.kernel.ElementType;
import dev.morula.kernel.Kernels;
import dev.morula.kernel.Matrix;
import dev.morula.kernel.Workers;
import dev.morula.standardise.StandardisedLayer;

/**
 * The correlation matrix in a given order of neurons, averaged over square blocks so that it fits a picture. The mean of
 * z_i . z_j over two groups is the product of the groups' mean rows, so no pair is ever computed: the cost is that of
 * {@code blocks}^2 pairs, whatever the width.
 *
 * @param values blocks x blocks block means, row by row
 * @param blocks rows and columns
 * @param neuronsPerBlock neurons that a row stands for; the last row may stand for fewer
 */
public record CorrelationImage(float[] values, int blocks, int neuronsPerBlock) {
    private static final int MOST_BLOCKS = 1024;
    private static final int PART = 64; // rows of the picture a part of parallel work

    /** The picture of the neurons of {@code order}, which may leave some out; it has at least one neuron. */
    public static CorrelationImage of(StandardisedLayer layer, int[] order, Kernels kernels, Workers workers) {
        int perBlock = (order.length + MOST_BLOCKS - 1) / MOST_BLOCKS;
        int blocks = (order.length + perBlock - 1) / perBlock;
        float[] values = new float[blocks * blocks];
        try (Matrix means = Matrix.allocate(ElementType.F32, blocks, layer.samples());
                Matrix products = Matrix.allocate(ElementType.F32, blocks, blocks)) {
            int parts = (blocks + PART - 1) / PART;
            workers.forEach(parts, (part, worker) -> standardise(means, layer, order, perBlock, part * PART, kernels));
            workers.forEach(parts, (part, worker) -> {
                long rows = Math.min(PART, blocks - part * PART);
                kernels.product(products.slice(part * PART, rows), means.slice(part * PART, rows), means);
            });
            products.read(0, values, 0, values.length);
        }
        return new CorrelationImage(values, blocks, perBlock);
    }

    private static void standardise(
            Matrix means, StandardisedLayer layer, int[] order, int perBlock, long firstBlock, Kernels kernels) {
        long rows = Math.min(PART, means.rows() - firstBlock);
        int first = Math.toIntExact(firstBlock * perBlock);
        int count = Math.toIntExact(Math.min(rows * perBlock, order.length - (long) first));
        try (Matrix members = Matrix.allocate(ElementType.I32, 1, count)) {
            members.write(0, order, first, count);
            kernels.standardise(means.slice(firstBlock, rows), layer.view(), members, perBlock);
        }
    }
}
