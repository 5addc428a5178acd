package dev.morula.correlate;

import java.util.Random;
import java.util.function.DoubleUnaryOperator;

/** Layers (neurons x samples) to correlate. */
public final class TestLayers {
    private TestLayers() {}

    public static double[][] gaussian(int neurons, int samples, long seed) {
        Random random = new Random(seed);
        double[][] layer = new double[neurons][samples];
        for (double[] neuron : layer) {
            for (int k = 0; k < samples; k++) {
                neuron[k] = (float) random.nextGaussian();
            }
        }
        return layer;
    }

    /** Mixtures of {@code rank} signals plus noise, through a ReLU: what a trained layer looks like. */
    public static double[][] lowRank(int neurons, int samples, int rank, double noise, long seed) {
        Random random = new Random(seed);
        double[][] signals = gaussian(rank, samples, seed + 1);
        double[][] layer = new double[neurons][samples];
        for (double[] neuron : layer) {
            for (double[] signal : signals) {
                double weight = random.nextGaussian();
                for (int k = 0; k < samples; k++) {
                    neuron[k] += weight * signal[k];
                }
            }
            for (int k = 0; k < samples; k++) {
                neuron[k] = (float) Math.max(0, neuron[k] + noise * random.nextGaussian());
            }
        }
        return layer;
    }

    /** Copies of the first third of the rows, negated copies of it, and scaled and shifted ones. */
    static double[][] withClones(double[][] layer) {
        int third = layer.length / 3;
        for (int i = 0; i < third; i++) {
            double[] original = layer[i];
            layer[third + i] = original.clone();
            layer[2 * third + i] = map(original, i % 2 == 0 ? x -> -x : x -> 4 * x);
        }
        return layer;
    }

    /**
     * Pairs of rows (2 i, 2 i + 1) whose correlation is the threshold plus one of the offsets, as closely as float64
     * allows: cos of the angle between a unit vector and its mixture with an orthogonal one.
     */
    static double[][] planted(int pairs, int samples, double threshold, double[] offsets, long seed) {
        double[][] layer = new double[2 * pairs][];
        double[][] noise = gaussian(2 * pairs, samples, seed);
        for (int p = 0; p < pairs; p++) {
            double[] u = unit(noise[2 * p]);
            double[] v = noise[2 * p + 1];
            center(v);
            addScaled(v, u, -dot(u, v));
            v = unit(v);
            double r = Math.min(1, threshold + offsets[p % offsets.length]);
            double[] mixed = map(u, x -> r * x);
            addScaled(mixed, v, Math.sqrt(1 - r * r));
            layer[2 * p] = u;
            layer[2 * p + 1] = mixed;
        }
        return layer;
    }

    public static double[][] map(double[][] layer, DoubleUnaryOperator function) {
        double[][] mapped = new double[layer.length][];
        for (int i = 0; i < layer.length; i++) {
            mapped[i] = map(layer[i], function);
        }
        return mapped;
    }

    private static double[] map(double[] row, DoubleUnaryOperator function) {
        double[] mapped = new double[row.length];
        for (int k = 0; k < row.length; k++) {
            mapped[k] = function.applyAsDouble(row[k]);
        }
        return mapped;
    }

    private static void center(double[] row) {
        double mean = 0;
        for (double x : row) {
            mean += x / row.length;
        }
        for (int k = 0; k < row.length; k++) {
            row[k] -= mean;
        }
    }

    private static double[] unit(double[] row) {
        center(row);
        double norm = Math.sqrt(dot(row, row));
        return map(row, x -> x / norm);
    }

    private static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int k = 0; k < a.length; k++) {
            sum += a[k] * b[k];
        }
        return sum;
    }

    private static void addScaled(double[] target, double[] row, double factor) {
        for (int k = 0; k < target.length; k++) {
            target[k] += factor * row[k];
        }
    }
}
