package dev.morula.redundancy;

import dev.morula.redundancy.Analysis.AblationPoint;
import java.util.List;
import java.util.Map;

/**
 * What many networks have in common: the contents of {@code sweep.json}. Undefined values are null.
 *
 * @param net the network with W in place of its width and L in place of its depth, as the sweep was asked for it
 * @param groups networks that differ in their seed alone
 * @param shapes what the papers saw, and whether it was seen here
 */
public record SweepSummary(
        int schema, String net, String data, int chunks, int chunksR2, List<Group> groups, List<Shape> shapes) {
    public static final int SCHEMA = 1;

    /**
     * Networks that differ in their seed alone.
     *
     * @param settings what tells this group from others: "width", "weightDecay", "depth", "labels", "init" and the like
     * @param width neurons of the layer that the read-out reads
     * @param errInf test error of the ensemble of all seeds, which adds their logits; null for a single seed
     * @param criticalWidth of the mean train error curve; low and high bound its 95 % bootstrap interval over seeds
     * @param clones width over critical width
     * @param law test error by chunk size beyond the critical width, exponent and errInf fitted together
     * @param lawOfEnsemble the same with errInf that of the ensemble of all seeds, as the paper has it; null for a single seed
     * @param ensembleError test error of as many networks as there are clones, each of a width near the critical one, from
     *     the same sweep; null where there are none
     * @param effectiveDepth for each error allowed: mean over the seeds that have one
     */
    public record Group(
            Map<String, String> settings,
            int width,
            List<Run> runs,
            Estimate trainError,
            Estimate testError,
            Double errInf,
            Double errInfStdError,
            List<SizeSummary> sizes,
            Interval criticalWidth,
            Double clones,
            PowerLaw law,
            PowerLaw lawOfEnsemble,
            Estimate ensembleError,
            Estimate similarUnits,
            Estimate removable,
            Estimate prunability,
            Estimate compressability,
            List<AblationPoint> ablation,
            Map<String, LayerSummary> layers,
            Map<String, Estimate> effectiveDepth) {}

    /** One network: its folder in the sweep's, and what it came to. */
    public record Run(String folder, long seed, int epochs, double trainError, double testError, boolean goalReached) {}

    /** Chunks of one size: means over seeds, of each seed's mean over draws. */
    public record SizeSummary(
            int size,
            Estimate trainError,
            Estimate testError,
            Estimate r2,
            Estimate residualCorrelation,
            Estimate residualCorrelationAllPairs) {}

    /** A layer: means over seeds. */
    public record LayerSummary(
            Estimate nccTrainAccuracy, Estimate nccTestAccuracy, Estimate cdnv, Estimate nc1, Estimate similarUnits) {}

    /** A value with the bounds of its 95 % interval; bounds are null where they cannot be had. */
    public record Interval(Double value, Double low, Double high) {}

    /**
     * {@code error = errInf + factor * size^exponent}, fitted over chunks of at least the critical width.
     *
     * @param exponent with its interval: a paired bootstrap over seeds and test samples
     * @param errInf fitted with the exponent
     * @param sizes chunk sizes that were fitted
     */
    public record PowerLaw(Interval exponent, Interval errInf, double factor, int sizes) {}

    /**
     * A shape of a paper's figure.
     *
     * @param paper which, in a few words
     * @param claim what the paper saw
     * @param verdict "seen", "not seen" or "not measured"
     * @param evidence the figures that it rests on
     */
    public record Shape(String paper, String claim, String verdict, String evidence) {}
}
