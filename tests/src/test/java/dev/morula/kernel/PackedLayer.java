package dev.morula.kernel;

import dev.morula.kernel.Kernels.Panel;
import dev.morula.kernel.Kernels.Side;
import dev.morula.kernel.Kernels.Tile;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/** A random layer whose neurons share a signal, with the means to correlate panels of it, and its real correlations. */
final class PackedLayer implements AutoCloseable {
    final Kernels kernels;
    private final int samples;
    private final double[][] unit;
    private final Matrix values;
    private final Matrix moments;
    private final Matrix workspace;

    PackedLayer(Backend backend, int neurons, int samples) {
        this.kernels = backend.open();
        this.samples = samples;
        double[][] rows = rows(neurons, samples);
        unit = Arrays.stream(rows).map(PackedLayer::unit).toArray(double[][]::new);
        values = Matrices.of(rows, ElementType.F32);
        moments = Matrix.allocate(ElementType.F64, neurons, Kernels.MOMENTS);
        kernels.moments(moments, values, Metric.PEARSON);
        workspace = bytes(kernels.tileWorkspaceBytes());
    }

    private static double[][] rows(int neurons, int samples) {
        Random random = new Random(neurons + samples);
        double[] shared = random.doubles(samples).toArray();
        double[][] rows = new double[neurons][samples];
        for (double[] row : rows) {
            double weight = 3 * random.nextDouble() - 1;
            Arrays.setAll(row, k -> (float) (weight * shared[k] + random.nextDouble()));
        }
        return rows;
    }

    private static double[] unit(double[] row) {
        double mean = Arrays.stream(row).average().orElseThrow();
        double norm =
                Math.sqrt(Arrays.stream(row).map(x -> (x - mean) * (x - mean)).sum());
        return Arrays.stream(row).map(x -> (x - mean) / norm).toArray();
    }

    LayerView view() {
        return new LayerView(values, moments);
    }

    /** The standardised row of a neuron. */
    double[] unit(int neuron) {
        return unit[neuron];
    }

    double correlation(int i, int j) {
        double sum = 0;
        for (int k = 0; k < samples; k++) {
            sum += unit[i][k] * unit[j][k];
        }
        return sum;
    }

    /** Packs neurons {@code first} to {@code first + rows - 1}, whose positions are their indices. */
    Panel pack(Side side, int first, int rows) {
        Matrix panel = bytes(kernels.packedBytes(side, rows, samples));
        try (Matrix list = neurons(first, rows)) {
            return new Panel(panel, first, rows, kernels.pack(panel, view(), list, side));
        }
    }

    static Matrix neurons(int first, int count) {
        Matrix list = Matrix.allocate(ElementType.I32, 1, count);
        list.write(0, IntStream.range(first, first + count).toArray(), 0, count);
        return list;
    }

    /** The pairs of a tile that pass the cut, as {left, right}; there is room for {@code capacity}. */
    List<int[]> pairs(Panel left, Panel right, Sign sign, double cut, int capacity) {
        try (Matrix pairs = Matrix.allocate(ElementType.I64, 1, capacity)) {
            Tile tile = new Tile(left, right, samples, sign);
            long[] found = new long[(int) kernels.correlateTile(pairs, workspace, tile, cut)];
            pairs.read(0, found, 0, found.length);
            return Arrays.stream(found)
                    .mapToObj(pair -> new int[] {(int) (pair >> 32), (int) pair})
                    .toList();
        }
    }

    private static Matrix bytes(long bytes) {
        return Matrix.allocate(ElementType.I64, 1, (bytes + 7) / 8);
    }

    @Override
    public void close() {
        kernels.close();
        List.of(values, moments, workspace).forEach(Matrix::close);
    }
}
