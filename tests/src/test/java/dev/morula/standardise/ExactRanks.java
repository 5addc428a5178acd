package dev.morula.standardise;

import java.util.Arrays;

/** Ranks by counting: of x, the samples below it and half of those equal to it, x itself among them. */
public final class ExactRanks {
    private ExactRanks() {}

    /** 2 rank - (samples + 1) of every sample in its row. */
    public static double[][] of(double[][] layer) {
        return Arrays.stream(layer).map(ExactRanks::of).toArray(double[][]::new);
    }

    private static double[] of(double[] row) {
        if (!Arrays.stream(row).allMatch(Double::isFinite)) {
            return Arrays.stream(row).map(x -> Double.NaN).toArray();
        }
        double[] ranks = new double[row.length];
        for (int k = 0; k < row.length; k++) {
            for (double x : row) {
                ranks[k] += x < row[k] ? 1 : x > row[k] ? -1 : 0; // 2 rank - (N + 1) is those below less those above
            }
        }
        return ranks;
    }
}
