package dev.morula.standardise;

import java.math.BigDecimal;
import java.math.MathContext;

/** Mean and population standard deviation of the values in decimal arithmetic, rounded once. */
record ExactMoments(double mean, double deviation) {
    private static final MathContext PRECISION = new MathContext(60);

    static ExactMoments of(double[] values) {
        BigDecimal count = BigDecimal.valueOf(values.length);
        BigDecimal sum = BigDecimal.ZERO;
        for (double value : values) {
            sum = sum.add(new BigDecimal(value));
        }
        BigDecimal mean = sum.divide(count, PRECISION);
        BigDecimal squares = BigDecimal.ZERO;
        for (double value : values) {
            squares = squares.add(new BigDecimal(value).subtract(mean).pow(2, PRECISION));
        }
        double deviation = squares.divide(count, PRECISION).sqrt(PRECISION).doubleValue();
        return new ExactMoments(mean.doubleValue(), deviation);
    }
}
