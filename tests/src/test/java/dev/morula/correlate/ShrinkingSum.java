package dev.morula.correlate;

/**
 * A row of norm 1 whose product with itself comes out too small in float32, in whatever order a tier adds up: 30 numbers
 * bring the sum to 1 - 2^-20, and each of the 1,024 squares of 2^-30 behind them, even 32 together, is lost beside it.
 */
final class ShrinkingSum {
    private static final int LARGE = 30;
    private static final int SMALL = 1024;

    private ShrinkingSum() {}

    /** The row; bfloat16 holds its numbers, and float64 their squares' sum, which is exactly 1. */
    static double[] row() {
        double[] row = new double[LARGE + 2 + SMALL];
        for (int k = 0; k < LARGE; k++) {
            row[k] = Math.scalb(1.0, -1 - k / 3);
        }
        for (int k = LARGE + 2; k < row.length; k++) {
            row[k] = 0x1p-15;
        }
        return row;
    }
}
