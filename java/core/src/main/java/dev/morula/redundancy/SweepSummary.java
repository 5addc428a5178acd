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
 * @param growth of groups that differ in their width alone; there is none where no width is varied
 * @param depthBounds where networks were trained on some samples, and on these with noisy ones beside them
 */
public record SweepSummary(
        String net,
        String data,
        int chunks,
        int chunksR2,
        List<Group> groups,
        List<Shape> shapes,
        List<WidthGrowth> growth,
        List<BoundTerms> depthBounds) {

    /**
     * Networks that differ in their seed alone.
     *
     * @param settings what tells this group from others: "width", "weightDecay", "depth", "labels", "init" and the like
     * @param name the same in short: what the sweep lists ("width", "labels") and, under "variant", the name that it has
     *     for all else
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
            Map<String, String> name,
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

    /**
     * A layer: means over seeds. What is of depth is null for projections of shortcuts.
     *
     * @param neurons of a convolution, all positions of all channels
     */
    public record LayerSummary(
            long neurons,
            Estimate nccTrainAccuracy,
            Estimate nccTestAccuracy,
            Estimate cdnv,
            Estimate nc1,
            Estimate similarUnits,
            Estimate compressability) {}

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
     * @param evidence in how many comparisons it appears, and the most telling of them; of a shape that was not measured
     *     what that takes
     * @param comparisons all of them, with the figures that they rest on
     */
    public record Shape(String paper, String claim, String verdict, String evidence, List<String> comparisons) {}

    /**
     * How the number of a layer's directions that hardly matter (compressability times neurons) grows with the width.
     *
     * @param name what the groups have alike
     * @param widths ascending, of the groups whose compressability is known
     * @param perDoubling g: the mean ratio of that number per doubling of the width, mean over layers; 2 is proportional
     *     growth
     * @param layers g of each layer; of hidden ones where all were analysed, else of that which the read-out reads
     */
    public record WidthGrowth(
            Map<String, String> name, List<Double> widths, Double perDoubling, Map<String, Double> layers) {}

    /**
     * The terms of the bound on the expected test error (Galanti et al.).
     *
     * @param name of the networks that it is about, trained on S1
     * @param error that the nearest class centre of a layer may have
     * @param cleanDepth mean effective depth of these networks; null if one has none, which counts as deeper than all
     * @param leastNoisyDepth the least effective depth, over seeds and depths, of networks trained on S1 and noisy S2; null
     *     if none has one
     * @param trials choices of S1, S2 and the noise: all seeds have the same, so there is one
     * @param share p, of S2's labels that were replaced by random ones
     * @param alpha the slack that (1 + alpha) p has
     * @param probability share of trials in which {@code cleanDepth} is at least {@code leastNoisyDepth}
     * @param noise (1 + alpha) p
     * @param sum of the two: the bound but for its delta terms
     * @param deltas "not computed"
     */
    public record BoundTerms(
            Map<String, String> name,
            String error,
            Double cleanDepth,
            Double leastNoisyDepth,
            int trials,
            double share,
            double alpha,
            double probability,
            double noise,
            double sum,
            String deltas) {}
}
