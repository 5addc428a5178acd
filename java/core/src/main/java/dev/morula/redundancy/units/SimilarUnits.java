package dev.morula.redundancy.units;

import dev.morula.correlate.CorrelationQuery;
import dev.morula.correlate.Correlator;
import dev.morula.correlate.DegreeCounter;
import dev.morula.kernel.Kernels;
import dev.morula.kernel.Matrix;
import dev.morula.kernel.Metric;
import dev.morula.kernel.Progress;
import dev.morula.kernel.Sign;
import dev.morula.kernel.Workers;
import dev.morula.standardise.NeuronState;
import dev.morula.standardise.StandardisedLayer;
import java.util.Arrays;

/**
 * Which units say what others of their layer say as well (Casper et al.).
 *
 * @param others for each unit that varies, ascending, the units that it has an absolute correlation of at least {@link
 *     #THRESHOLD} with, itself not counted
 * @param dead units that are 0 on every row
 * @param constant units with one value on every row, dead ones among them
 * @param nonFinite units that are NaN or infinite on some row
 */
public record SimilarUnits(long[] others, int dead, int constant, int nonFinite) {
    /** The absolute correlation from which on two units are similar. */
    public static final double THRESHOLD = 0.5;

    /**
     * Counts all pairs of units, and keeps none of them.
     *
     * @param activations rows (samples, or positions of them) x units, F32
     * @param memory bytes that the search may take besides
     */
    public static SimilarUnits of(Matrix activations, long memory, Kernels kernels, Workers workers) {
        try (StandardisedLayer layer =
                StandardisedLayer.measureInPlace(activations, Metric.PEARSON, kernels, workers, Progress.NONE)) {
            int dead = layer.count(NeuronState.NEVER_ACTIVE);
            return new SimilarUnits(
                    others(layer, memory, kernels, workers),
                    dead,
                    dead + layer.count(NeuronState.CONSTANT),
                    layer.count(NeuronState.NON_FINITE));
        }
    }

    private static long[] others(StandardisedLayer layer, long memory, Kernels kernels, Workers workers) {
        int[] varying = layer.correlated();
        if (varying.length < 2) {
            return new long[varying.length];
        }
        CorrelationQuery query =
                CorrelationQuery.atLeast(THRESHOLD).withSign(Sign.ABSOLUTE).withMemory(memory);
        try (DegreeCounter counter = new DegreeCounter(layer.neurons(), kernels)) {
            Correlator.run(layer, query, counter, kernels, workers, Progress.NONE)
                    .close();
            long[] degrees = counter.degrees();
            return Arrays.stream(varying).mapToLong(unit -> degrees[unit]).toArray();
        }
    }

    /** Similar units a unit, over those that vary; null if none does. */
    public Double mean() {
        return others.length == 0 ? null : (double) Arrays.stream(others).sum() / others.length;
    }
}
