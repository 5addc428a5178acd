package dev.morula.correlate;

import dev.morula.kernel.Matrix;
import dev.morula.kernel.Sign;

/** Estimates, from the edges found so far, the threshold that would have left few enough of them. */
final class FittingThreshold {
    private static final int BINS = 20_000; // of width 1e-4
    private static final double SAFETY = 0.8; // the pairs seen so far need not be typical of the rest

    private FittingThreshold() {}

    /** The smallest bin edge above which there are at most {@code allowed} of the edges so far. */
    static double estimate(EdgeList edges, Matrix lastValues, long lastCount, Sign sign, double allowed) {
        long[] counts = new long[BINS + 1];
        edges.chunks().forEach(chunk -> count(counts, chunk.values(), chunk.count(), sign));
        count(counts, lastValues, lastCount, sign);
        double above = 0;
        int bin = BINS;
        while (bin > 0 && above + counts[bin] <= SAFETY * allowed) {
            above += counts[bin--];
        }
        return Math.min(1, (bin + 1 - BINS / 2) * 2.0 / BINS);
    }

    private static void count(long[] counts, Matrix values, long length, Sign sign) {
        float[] read = new float[Math.toIntExact(length)];
        values.read(0, read, 0, read.length);
        for (float value : read) {
            float strength = sign == Sign.ABSOLUTE ? Math.abs(value) : value;
            counts[(int) ((strength + 1) / 2 * BINS)]++;
        }
    }
}
