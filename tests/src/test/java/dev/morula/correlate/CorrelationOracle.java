package dev.morula.correlate;

import dev.morula.kernel.Metric;
import dev.morula.kernel.Sign;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * The exact edges of a small layer, in real numbers. Deviations from the exact mean are rounded once to float64, which
 * settles all pairs but those within 1e-9 of the threshold; these are settled by rational arithmetic, comparing
 * sign(C) C^2 with sign(theta) theta^2 A B, where C, A, B are the covariance and variances times N^2.
 */
public final class CorrelationOracle {
    private static final double MARGIN = 1e-9;

    private final double[][] layer;
    private final boolean centred;
    private final double[][] unit;
    private final BigDecimal[] sums;
    private final BigDecimal[] variances;
    private final double[][] correlations;
    private final Map<String, Set<Long>> edges = new HashMap<>();

    public CorrelationOracle(double[][] layer, Metric metric) {
        this.layer = layer;
        this.centred = metric == Metric.PEARSON;
        this.unit = new double[layer.length][];
        this.sums = new BigDecimal[layer.length];
        this.variances = new BigDecimal[layer.length];
        this.correlations = new double[layer.length][];
        for (int i = 0; i < layer.length; i++) {
            sums[i] = BigDecimal.ZERO;
            for (double x : layer[i]) {
                sums[i] = sums[i].add(new BigDecimal(x));
            }
            unit[i] = unit(layer[i], sums[i]);
        }
    }

    /** The deviations of one row divided by their norm; null if it has none. */
    private double[] unit(double[] row, BigDecimal sum) {
        BigDecimal mean = centred ? sum.divide(BigDecimal.valueOf(row.length), new MathContext(60)) : BigDecimal.ZERO;
        BigDecimal largest = BigDecimal.ZERO;
        BigDecimal[] deviations = new BigDecimal[row.length];
        for (int k = 0; k < row.length; k++) {
            deviations[k] = new BigDecimal(row[k]).subtract(mean);
            largest = largest.max(deviations[k].abs());
        }
        if (isConstant(row) && (centred || row[0] == 0)) {
            return null;
        }
        double[] unit = new double[row.length];
        double squares = 0;
        for (int k = 0; k < row.length; k++) {
            unit[k] = deviations[k].divide(largest, MathContext.DECIMAL128).doubleValue();
            squares += unit[k] * unit[k];
        }
        for (int k = 0; k < row.length; k++) {
            unit[k] /= Math.sqrt(squares);
        }
        return unit;
    }

    private static boolean isConstant(double[] row) {
        for (double x : row) {
            if (x != row[0]) {
                return false;
            }
        }
        return true;
    }

    /** The correlation of two neurons, to about 1e-13. */
    public double correlation(int i, int j) {
        if (correlations[i] == null) {
            correlations[i] = new double[unit.length];
            for (int k = 0; k < unit.length; k++) {
                correlations[i][k] = unit[i] == null || unit[k] == null ? Double.NaN : dot(i, k);
            }
        }
        return correlations[i][j];
    }

    private double dot(int i, int j) {
        double sum = 0;
        for (int k = 0; k < unit[i].length; k++) {
            sum += unit[i][k] * unit[j][k];
        }
        return sum;
    }

    /** Edges as smaller neuron * 2^32 + larger neuron. */
    public Set<Long> edges(double threshold, Sign sign) {
        return edges.computeIfAbsent(sign + " " + threshold, key -> findEdges(threshold, sign));
    }

    private Set<Long> findEdges(double threshold, Sign sign) {
        Set<Long> edges = new HashSet<>();
        for (int i = 0; i < unit.length; i++) {
            for (int j = i + 1; j < unit.length; j++) {
                if (unit[i] != null && unit[j] != null && isEdge(i, j, threshold, sign)) {
                    edges.add((long) i << 32 | j);
                }
            }
        }
        return edges;
    }

    private boolean isEdge(int i, int j, double threshold, Sign sign) {
        double r = correlation(i, j);
        double compared = sign == Sign.ABSOLUTE ? Math.abs(r) : r;
        if (Math.abs(compared - threshold) > MARGIN) {
            return compared > threshold;
        }
        BigDecimal c = centredProduct(i, j);
        BigDecimal left = c.multiply(c);
        left = c.signum() < 0 && sign == Sign.SIGNED ? left.negate() : left;
        BigDecimal theta = new BigDecimal(threshold);
        BigDecimal right = theta.multiply(theta).multiply(variance(i)).multiply(variance(j));
        right = theta.signum() < 0 ? right.negate() : right;
        return left.compareTo(right) >= 0;
    }

    private BigDecimal variance(int i) {
        if (variances[i] == null) {
            variances[i] = centredProduct(i, i);
        }
        return variances[i];
    }

    private BigDecimal centredProduct(int i, int j) {
        BigDecimal sum = BigDecimal.ZERO;
        for (int k = 0; k < layer[i].length; k++) {
            sum = sum.add(new BigDecimal(layer[i][k]).multiply(new BigDecimal(layer[j][k])));
        }
        BigDecimal n = BigDecimal.valueOf(layer[i].length);
        return centred ? sum.multiply(n).subtract(sums[i].multiply(sums[j])) : sum;
    }
}
