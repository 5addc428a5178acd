package dev.morula.redundancy.chunks;

import dev.morula.RandomNumbers;
import dev.morula.redundancy.SweepSummary.Interval;
import java.util.OptionalDouble;

/**
 * The size from which on chunks of a layer do the whole layer's work: the smallest whose mean train error is at most {@link
 * #MOST_ERROR}. Between two tested sizes the error is taken to be linear in the logarithm of the size.
 */
public final class CriticalWidth {
    /** Half a percent of the train samples. */
    public static final double MOST_ERROR = 0.005;

    private static final int RESAMPLES = 2000;

    private CriticalWidth() {}

    /**
     * The critical width, or nothing if the network's own train error is above {@link #MOST_ERROR} or no chunk that is
     * smaller than the layer is that good.
     *
     * @param sizes ascending; the last is the layer's width
     * @param trainErrors means over chunks, one a size
     * @param fullTrainError that of the network itself
     */
    public static OptionalDouble of(int[] sizes, double[] trainErrors, double fullTrainError) {
        if (sizes.length != trainErrors.length) {
            throw new IllegalArgumentException(trainErrors.length + " train errors of " + sizes.length + " sizes");
        }
        int good = 0;
        while (good < sizes.length && !(trainErrors[good] <= MOST_ERROR)) {
            good++;
        }
        if (!(fullTrainError <= MOST_ERROR) || good >= sizes.length - 1) {
            return OptionalDouble.empty();
        }
        if (good == 0) {
            return OptionalDouble.of(sizes[0]);
        }
        double above = trainErrors[good - 1];
        double share = (above - MOST_ERROR) / (above - trainErrors[good]);
        return OptionalDouble.of(sizes[good - 1] * Math.pow((double) sizes[good] / sizes[good - 1], share));
    }

    /**
     * The critical width of the mean curve of several networks, with the 95 % interval over 2,000 resamples of them. All is
     * null without a critical width; a bound is null where that share of the resamples has none, and both are for a single
     * network.
     *
     * @param trainErrors a row a network, as {@link #of} takes it; the last of each is the network's own error
     */
    public static Interval bootstrap(int[] sizes, double[][] trainErrors, long seed) {
        int networks = trainErrors.length;
        int[] each = new int[networks];
        for (int network = 0; network < networks; network++) {
            each[network] = network;
        }
        double value = ofMean(sizes, trainErrors, each);
        if (Double.isInfinite(value)) {
            return new Interval(null, null, null);
        }
        if (networks == 1) {
            return new Interval(value, null, null);
        }
        double[] draws = new double[RESAMPLES];
        for (int draw = 0; draw < RESAMPLES; draw++) {
            RandomNumbers random = RandomNumbers.of(seed, RandomNumbers.Stream.BOOTSTRAP, draw);
            draws[draw] = ofMean(sizes, trainErrors, Bootstrap.resample(networks, random));
        }
        return Percentiles.interval(value, draws);
    }

    /** Infinite if there is none: no chunk suffices. */
    private static double ofMean(int[] sizes, double[][] trainErrors, int[] networks) {
        double[] means = new double[sizes.length];
        for (int network : networks) {
            for (int size = 0; size < sizes.length; size++) {
                means[size] += trainErrors[network][size] / networks.length;
            }
        }
        return of(sizes, means, means[means.length - 1]).orElse(Double.POSITIVE_INFINITY);
    }
}
