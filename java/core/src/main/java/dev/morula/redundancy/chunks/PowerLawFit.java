package dev.morula.redundancy.chunks;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * The weighted least squares fit of {@code error = errInf + factor * size^exponent} with an exponent from {@link #STEEPEST}
 * to {@link #FLATTEST} and the other two at least 0: for an exponent given these are linear, so that it alone is searched
 * for. Where errors do not fall, exponent and factor are 0.
 *
 * @param squares weighted sum of squared residuals
 */
record PowerLawFit(double exponent, double errInf, double factor, double squares) {
    static final double STEEPEST = -4;
    static final double FLATTEST = -0.01;

    private static final int TRIED = 200; // exponents, before the best one is refined
    private static final double PRECISION = 1e-9;
    private static final double ROUNDING = 1e-9; // of an error

    /** The fit of all three. */
    static PowerLawFit of(double[] sizes, double[] errors, double[] weights) {
        return new Data(sizes, errors, weights, Double.NaN).search();
    }

    /** The fit of exponent and factor to an {@code errInf} that is known. */
    static PowerLawFit of(double[] sizes, double[] errors, double[] weights, double errInf) {
        return new Data(sizes, errors, weights, errInf).search();
    }

    /** Sizes are in units of the largest, lest powers of them differ too much. */
    private record Data(double[] sizes, double[] errors, double[] weights, double known) {
        PowerLawFit search() {
            double[] tried = IntStream.rangeClosed(0, TRIED)
                    .mapToDouble(k -> STEEPEST * Math.pow(FLATTEST / STEEPEST, (double) k / TRIED))
                    .toArray();
            int best = 0;
            double[] squares =
                    Arrays.stream(tried).map(exponent -> at(exponent).squares).toArray();
            for (int k = 1; k <= TRIED; k++) {
                best = squares[k] < squares[best] ? k : best;
            }
            PowerLawFit fit = refined(tried[Math.max(0, best - 1)], tried[Math.min(TRIED, best + 1)]);
            boolean falls = fit.factor * Math.pow(sizes[0], fit.exponent) > ROUNDING;
            return falls ? fit : new PowerLawFit(0, fit.errInf, 0, fit.squares);
        }

        /** Golden section. */
        private PowerLawFit refined(double from, double to) {
            double ratio = (Math.sqrt(5) - 1) / 2;
            double low = from;
            double high = to;
            while (high - low > PRECISION) {
                double left = high - ratio * (high - low);
                double right = low + ratio * (high - low);
                if (at(left).squares <= at(right).squares) {
                    high = right;
                } else {
                    low = left;
                }
            }
            return at((low + high) / 2);
        }

        private PowerLawFit at(double exponent) {
            double largest = sizes[sizes.length - 1];
            double w = 0;
            double wx = 0;
            double wy = 0;
            double wxx = 0;
            double wxy = 0;
            double[] powers = new double[sizes.length];
            for (int k = 0; k < sizes.length; k++) {
                double x = Math.pow(sizes[k] / largest, exponent);
                powers[k] = x;
                w += weights[k];
                wx += weights[k] * x;
                wy += weights[k] * errors[k];
                wxx += weights[k] * x * x;
                wxy += weights[k] * x * errors[k];
            }
            double factor = (w * wxy - wx * wy) / (w * wxx - wx * wx);
            double errInf = (wy - factor * wx) / w;
            if (!Double.isNaN(known)) {
                errInf = known;
                factor = Math.max(0, (wxy - errInf * wx) / wxx);
            } else if (factor < 0) {
                errInf = wy / w;
                factor = 0;
            } else if (errInf < 0) {
                errInf = 0;
                factor = wxy / wxx;
            }
            double squares = 0;
            for (int k = 0; k < sizes.length; k++) {
                double residual = errors[k] - errInf - factor * powers[k];
                squares += weights[k] * residual * residual;
            }
            return new PowerLawFit(exponent, errInf, factor * Math.pow(largest, -exponent), squares);
        }
    }
}
