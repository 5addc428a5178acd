package dev.morula.correlate;

import dev.morula.kernel.Metric;
import dev.morula.kernel.Sign;
import java.util.Arrays;
import java.util.stream.IntStream;

/** All correlations of a layer by float64 brute force, to about 1e-12, and exactly where that leaves an edge open. */
final class DoubleCorrelations {
    private static final double MARGIN = 1e-9;
    private static final int ROWS = 4; // read together, since reading is what takes the time

    private final double[][] layer;
    private final double[][] upper; // row i: correlations with i, i + 1, ..., NaN where there is none

    DoubleCorrelations(double[][] layer) {
        this.layer = layer;
        this.upper = new double[layer.length][];
        double[][] unit = Arrays.stream(layer).map(DoubleCorrelations::unit).toArray(double[][]::new);
        double[][] samples = transposed(unit);
        int blocks = (layer.length + ROWS - 1) / ROWS;
        IntStream.range(0, blocks).parallel().forEach(block -> {
            int last = Math.min(layer.length, (block + 1) * ROWS);
            double[][] sums = new double[ROWS][layer.length];
            for (int k = 0; k < samples.length; k++) {
                for (int i = block * ROWS; i < last; i++) {
                    addScaled(sums[i - block * ROWS], unit[i][k], samples[k], i);
                }
            }
            for (int i = block * ROWS; i < last; i++) {
                upper[i] = Arrays.copyOfRange(sums[i - block * ROWS], i, layer.length);
            }
        });
    }

    private static void addScaled(double[] sums, double factor, double[] row, int from) {
        for (int j = from; j < row.length; j++) {
            sums[j] += factor * row[j];
        }
    }

    /** Deviations from the mean over their norm; NaN for a constant row. */
    private static double[] unit(double[] row) {
        double mean = Arrays.stream(row).average().orElseThrow();
        double[] deviations = Arrays.stream(row).map(x -> x - mean).toArray();
        double norm = Arrays.stream(row).distinct().count() == 1
                ? Double.NaN
                : Math.sqrt(Arrays.stream(deviations).map(d -> d * d).sum());
        return Arrays.stream(deviations).map(d -> d / norm).toArray();
    }

    private static double[][] transposed(double[][] rows) {
        double[][] columns = new double[rows[0].length][rows.length];
        for (int i = 0; i < rows.length; i++) {
            for (int k = 0; k < columns.length; k++) {
                columns[k][i] = rows[i][k];
            }
        }
        return columns;
    }

    PairSet edges(double threshold) {
        PairSet edges = new PairSet(layer.length);
        for (int i = 0; i < layer.length; i++) {
            for (int j = i + 1; j < layer.length; j++) {
                double distance = upper[i][j - i] - threshold;
                if (Math.abs(distance) <= MARGIN ? isEdgeExactly(i, j, threshold) : distance > 0) {
                    edges.add(i, j);
                }
            }
        }
        return edges;
    }

    private boolean isEdgeExactly(int i, int j, double threshold) {
        double[][] pair = {layer[i], layer[j]};
        return new CorrelationOracle(pair, Metric.PEARSON)
                        .edges(threshold, Sign.SIGNED)
                        .size()
                == 1;
    }
}
