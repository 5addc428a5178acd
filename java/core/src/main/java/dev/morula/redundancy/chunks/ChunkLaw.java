package dev.morula.redundancy.chunks;

import dev.morula.kernel.Kernels;
import dev.morula.kernel.Workers;
import dev.morula.redundancy.Estimate;
import dev.morula.redundancy.SweepSummary.Interval;
import dev.morula.redundancy.SweepSummary.PowerLaw;
import java.util.Arrays;

/**
 * The power law of test errors of chunks beyond the critical width, {@code error = errInf + factor * size^exponent}; the
 * paper has an exponent of -1/2. It is fitted by least squares, weighted by the standard errors over networks where there
 * are some, with errInf at least 0 and the exponent between -4 and -0.01. Intervals hold 95 % of 1,000 paired resamples of
 * networks and test samples; they have no bounds for a single network. An errInf that the fit drives to its bound is 0, as
 * is then the interval's lower bound.
 */
public final class ChunkLaw {
    private static final int RESAMPLES = 1000;
    private static final int LEAST_SIZES = 3; // as many as there are numbers to be found

    private final SeedCurves curves;
    private final double[] sizes;
    private final double[] errors;
    private final double[] weights;

    private ChunkLaw(SeedCurves curves) {
        Estimate[] estimates = curves.errors();
        this.curves = curves;
        this.sizes = Arrays.stream(curves.sizes()).asDoubleStream().toArray();
        this.errors = Arrays.stream(estimates).mapToDouble(Estimate::mean).toArray();
        this.weights = weights(estimates);
    }

    private static double[] weights(Estimate[] errors) {
        double[] weights = new double[errors.length];
        Arrays.fill(weights, 1);
        for (Estimate error : errors) {
            if (error.standardError() == null || error.standardError() == 0) {
                return weights; // one that is not known would say nothing about the others
            }
        }
        for (int size = 0; size < weights.length; size++) {
            weights[size] = 1 / (errors[size].standardError() * errors[size].standardError());
        }
        return weights;
    }

    /**
     * Fits exponent and errInf jointly.
     *
     * @return null for fewer than three sizes of at least {@code criticalWidth}, or if errors do not fall there
     */
    public static PowerLaw fit(SeedCurves curves, double criticalWidth, long seed, Kernels kernels, Workers workers) {
        ChunkLaw law = new ChunkLaw(curves.from(criticalWidth));
        return law.sizes.length < LEAST_SIZES ? null : law.joint(new Bootstrap(law.curves, seed, kernels), workers);
    }

    /**
     * Fits the exponent to the error of the ensemble of the same networks on the same samples as errInf; a resample has
     * the ensemble of its networks.
     *
     * @return null as for the joint fit
     */
    public static PowerLaw fit(
            SeedCurves curves,
            EnsembleError ensemble,
            double criticalWidth,
            long seed,
            Kernels kernels,
            Workers workers) {
        if (ensemble.networks() != curves.networks() || ensemble.samples() != curves.samples()) {
            throw new IllegalArgumentException("an ensemble of other networks or samples than the chunks'");
        }
        ChunkLaw law = new ChunkLaw(curves.from(criticalWidth));
        return law.sizes.length < LEAST_SIZES
                ? null
                : law.given(ensemble, new Bootstrap(law.curves, seed, kernels), workers);
    }

    private PowerLaw joint(Bootstrap bootstrap, Workers workers) {
        PowerLawFit[] draws = new PowerLawFit[resamples()];
        bootstrap.forEach(
                draws.length,
                workers,
                (resample, drawn, networks, times) -> draws[resample] = PowerLawFit.of(sizes, drawn, weights));
        return law(PowerLawFit.of(sizes, errors, weights), draws);
    }

    private PowerLaw given(EnsembleError ensemble, Bootstrap bootstrap, Workers workers) {
        PowerLawFit[] draws = new PowerLawFit[resamples()];
        bootstrap.forEach(
                draws.length,
                workers,
                (resample, drawn, networks, times) ->
                        draws[resample] = PowerLawFit.of(sizes, drawn, weights, ensemble.error(networks, times)));
        return law(PowerLawFit.of(sizes, errors, weights, ensemble.error().mean()), draws);
    }

    private int resamples() {
        return curves.networks() > 1 ? RESAMPLES : 0;
    }

    private PowerLaw law(PowerLawFit fit, PowerLawFit[] draws) {
        if (fit.factor() == 0) {
            return null;
        }
        Interval exponent = interval(
                fit.exponent(),
                Arrays.stream(draws).mapToDouble(PowerLawFit::exponent).toArray());
        Interval errInf = interval(
                fit.errInf(),
                Arrays.stream(draws).mapToDouble(PowerLawFit::errInf).toArray());
        return new PowerLaw(exponent, errInf, fit.factor(), sizes.length);
    }

    private static Interval interval(double value, double[] draws) {
        return draws.length == 0 ? new Interval(value, null, null) : Percentiles.interval(value, draws);
    }
}
