package dev.morula.correlate;

import dev.morula.kernel.Metric;
import dev.morula.kernel.Sign;
import dev.morula.standardise.ExactRanks;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * The exact edges of a small layer, in real numbers. Deviations from the exact mean are rounded once to float64, which
 * settles all pairs but those within 1e-9 of the threshold; these are settled in integers, comparing sign(C) C^2 with
 * sign(theta) theta^2 A B, where C, A, B are the covariance and variances times N^2. Every row is scaled by a power of
 * two of its own that makes its values integers; both sides scale alike.
 */
public final class CorrelationOracle {
    private static final double MARGIN = 1e-9;
    private static final int DOUBLE_BITS = 500; // squares of that many bits stay finite

    private final double[][] layer;
    private final boolean centred;
    private final double[][] unit;
    private final BigInteger[][] exact;
    private final BigInteger[] variances;
    private final double[][] correlations;
    private final Map<String, PairSet> edges = new HashMap<>();
    private final Map<String, int[]> ranked = new HashMap<>();
    private final Map<Long, BigInteger> covariances = new HashMap<>();

    public CorrelationOracle(double[][] layer, Metric metric) {
        this.layer = metric == Metric.SPEARMAN ? ExactRanks.of(layer) : layer;
        this.centred = metric != Metric.COSINE;
        this.exact = new BigInteger[layer.length][];
        this.variances = new BigInteger[layer.length];
        this.unit = new double[layer.length][];
        for (int i = 0; i < layer.length; i++) {
            unit[i] = unit(deviations(this.layer[i]));
        }
        this.correlations = correlations();
    }

    /** N (x - mean) of every x of a row, times a power of two that makes them integers; for cosine N x. */
    private BigInteger[] deviations(double[] row) {
        int exponent = Arrays.stream(row)
                .filter(x -> x != 0)
                .mapToInt(CorrelationOracle::exponent)
                .min()
                .orElse(0);
        BigInteger count = BigInteger.valueOf(row.length);
        BigInteger sum = BigInteger.ZERO;
        BigInteger[] deviations = new BigInteger[row.length];
        for (int k = 0; k < row.length; k++) {
            BigInteger value = row[k] == 0 ? BigInteger.ZERO : mantissa(row[k]).shiftLeft(exponent(row[k]) - exponent);
            sum = sum.add(value);
            deviations[k] = value.multiply(count);
        }
        for (int k = 0; k < row.length && centred; k++) {
            deviations[k] = deviations[k].subtract(sum);
        }
        return deviations;
    }

    /** m of x = m 2^e, an integer of at most 53 bits. */
    private static BigInteger mantissa(double x) {
        return BigInteger.valueOf((long) Math.scalb(x, -exponent(x)));
    }

    private static int exponent(double x) {
        return Math.max(Math.getExponent(x), Double.MIN_EXPONENT) - 52;
    }

    /** The deviations divided by their norm; null if that is 0. */
    private static double[] unit(BigInteger[] deviations) {
        int bits = Arrays.stream(deviations)
                .mapToInt(d -> d.abs().bitLength())
                .max()
                .orElseThrow();
        double[] unit = Arrays.stream(deviations)
                .mapToDouble(d -> d.shiftRight(Math.max(0, bits - DOUBLE_BITS)).doubleValue())
                .toArray();
        double norm = Math.sqrt(dot(unit, unit));
        return norm == 0 ? null : Arrays.stream(unit).map(x -> x / norm).toArray();
    }

    private double[][] correlations() {
        double[][] correlations = new double[unit.length][unit.length];
        for (int i = 0; i < unit.length; i++) {
            for (int j = i; j < unit.length; j++) {
                boolean any = unit[i] != null && unit[j] != null;
                correlations[i][j] = correlations[j][i] = any ? dot(unit[i], unit[j]) : Double.NaN;
            }
        }
        return correlations;
    }

    private static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int k = 0; k < a.length; k++) {
            sum += a[k] * b[k];
        }
        return sum;
    }

    /** The correlation of two neurons, to about 1e-13; NaN if one of them has none. */
    public double correlation(int i, int j) {
        return correlations[i][j];
    }

    public PairSet edges(double threshold, Sign sign) {
        return edges.computeIfAbsent(sign + " " + threshold, key -> findEdges(threshold, sign));
    }

    private PairSet findEdges(double threshold, Sign sign) {
        PairSet edges = new PairSet(unit.length);
        for (int i = 0; i < unit.length; i++) {
            for (int j = i + 1; j < unit.length; j++) {
                if (unit[i] != null && unit[j] != null && isEdge(i, j, threshold, sign)) {
                    edges.add(i, j);
                }
            }
        }
        return edges;
    }

    /** The {@code most} strongest partners of a neuron, by their indices; of equals the first ones. */
    int[] strongest(int neuron, int most, Sign sign) {
        return Arrays.stream(ranked.computeIfAbsent(sign + " " + neuron, key -> rank(neuron, sign)))
                .limit(most)
                .sorted()
                .toArray();
    }

    /** All partners, strongest first. */
    private int[] rank(int neuron, Sign sign) {
        return IntStream.range(0, unit.length)
                .filter(j -> j != neuron && unit[neuron] != null && unit[j] != null)
                .boxed()
                .sorted((j, l) -> compare(neuron, l, j, sign))
                .mapToInt(j -> j)
                .toArray();
    }

    /** Compares the correlations of {@code neuron} with j and l. */
    private int compare(int neuron, int j, int l, Sign sign) {
        double rj = sign == Sign.ABSOLUTE ? Math.abs(correlations[neuron][j]) : correlations[neuron][j];
        double rl = sign == Sign.ABSOLUTE ? Math.abs(correlations[neuron][l]) : correlations[neuron][l];
        return Math.abs(rj - rl) > MARGIN ? Double.compare(rj, rl) : compareExactly(neuron, j, l, sign);
    }

    /** sign(C_j) C_j^2 B_l against sign(C_l) C_l^2 B_j. */
    private int compareExactly(int neuron, int j, int l, Sign sign) {
        BigInteger cj = covariance(neuron, j);
        BigInteger cl = covariance(neuron, l);
        BigInteger left =
                (sign == Sign.ABSOLUTE ? cj.abs() : cj).multiply(cj.abs()).multiply(variance(l));
        BigInteger right =
                (sign == Sign.ABSOLUTE ? cl.abs() : cl).multiply(cl.abs()).multiply(variance(j));
        return left.compareTo(right);
    }

    private BigInteger covariance(int i, int j) {
        return covariances.computeIfAbsent(
                (long) Math.min(i, j) << 32 | Math.max(i, j), key -> product(exact(i), exact(j)));
    }

    private boolean isEdge(int i, int j, double threshold, Sign sign) {
        double r = sign == Sign.ABSOLUTE ? Math.abs(correlations[i][j]) : correlations[i][j];
        return Math.abs(r - threshold) > MARGIN ? r > threshold : isEdgeExactly(i, j, threshold, sign);
    }

    /** With theta = m 2^e: sign(C) C^2 2^-2e >= sign(m) m^2 A B. */
    private boolean isEdgeExactly(int i, int j, double threshold, Sign sign) {
        BigInteger covariance = product(exact(i), exact(j));
        if (sign == Sign.ABSOLUTE) {
            covariance = covariance.abs();
        }
        BigInteger theta = mantissa(threshold);
        BigInteger left = covariance.multiply(covariance.abs()).shiftLeft(-2 * exponent(threshold));
        BigInteger right = theta.multiply(theta.abs()).multiply(variance(i)).multiply(variance(j));
        return left.compareTo(right) >= 0;
    }

    private BigInteger variance(int i) {
        if (variances[i] == null) {
            variances[i] = product(exact(i), exact(i));
        }
        return variances[i];
    }

    private BigInteger[] exact(int i) {
        if (exact[i] == null) {
            exact[i] = deviations(layer[i]);
        }
        return exact[i];
    }

    private static BigInteger product(BigInteger[] a, BigInteger[] b) {
        BigInteger sum = BigInteger.ZERO;
        for (int k = 0; k < a.length; k++) {
            sum = sum.add(a[k].multiply(b[k]));
        }
        return sum;
    }
}
