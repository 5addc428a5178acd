package dev.morula.redundancy;

import java.util.List;
import java.util.Map;

/**
 * What is known about the redundancy of a network: the contents of {@code analysis.json}. Undefined values are null.
 *
 * @param seed of every random choice that was made
 * @param layers by name, first to last
 * @param network what concerns all layers at once; null where there are only activations of it
 * @param effectiveDepth for each error allowed (its decimal text) the first layer whose nearest class centre is wrong at
 *     most that often on train samples, or null
 * @param epochs the layer that the read-out reads after each epoch whose weights were kept; null where none were
 * @param notes sentences on what was left out, and why
 */
public record Analysis(
        long seed,
        Map<String, LayerAnalysis> layers,
        NetworkAnalysis network,
        Map<String, String> effectiveDepth,
        List<EpochAnalysis> epochs,
        List<String> notes) {

    /**
     * One layer. The fields on chunks and errors are of the layer that the read-out reads, and null elsewhere.
     *
     * @param neurons W
     * @param deadUnits neurons that are 0 on every sample
     * @param constantUnits neurons with one value on every sample, dead ones among them
     * @param criticalWidth neurons of the smallest chunk with a train error of at most half a percent
     * @param clones neurons over critical width
     * @param similarUnits other units with an absolute correlation of at least 0.5, a unit; constant ones are left out
     * @param compressability share of the covariance's eigenvalues, the smallest, that carry just over 5 % of the variance
     * @param selectivity mean over units of the class selectivity
     * @param unselective share of units with a selectivity below 0.05
     * @param nccTrainAccuracy of the nearest class centre; null, as the next three, for projections of shortcuts, which have
     *     no place in the depth of a network
     */
    public record LayerAnalysis(
            long neurons,
            long samples,
            long deadUnits,
            long constantUnits,
            Double trainError,
            Double testError,
            List<ChunkAnalysis> chunks,
            Double criticalWidth,
            Double clones,
            Double similarUnits,
            Double compressability,
            Double selectivity,
            Double unselective,
            Double nccTrainAccuracy,
            Double nccTestAccuracy,
            Double cdnv,
            NeuralCollapse neuralCollapse) {}

    /**
     * Random chunks of one size: means over draws with their standard errors.
     *
     * @param size neurons of a chunk
     * @param r2 share of the layer's variance on test samples that a ridge regression on the chunk explains
     * @param residualCorrelation mean absolute correlation of residuals over pairs of neurons outside the chunk
     * @param residualCorrelationAllPairs the same over all pairs, as the paper has it
     * @param residualCorrelationNull what independent noise would give
     */
    public record ChunkAnalysis(
            int size,
            Double trainError,
            Double trainErrorStdError,
            Double testError,
            Double testErrorStdError,
            Double r2,
            Double r2StdError,
            Double residualCorrelation,
            Double residualCorrelationStdError,
            Double residualCorrelationAllPairs,
            Double residualCorrelationAllPairsStdError,
            Double residualCorrelationNull) {}

    /** The last hidden layer during training. */
    public record EpochAnalysis(int epoch, Double trainError, Double testError, List<ChunkAnalysis> chunks) {}

    /**
     * Neural collapse (Papyan, Han, Donoho 2020); nc2 to nc4 that need the read-out are null without one.
     *
     * @param nc1 trace of within-class covariance times the pseudo-inverse of between-class covariance
     * @param nc1PerClass nc1 over the number of classes
     */
    public record NeuralCollapse(
            Double nc1,
            Double nc1PerClass,
            Double nc2EquinormMeans,
            Double nc2EquinormReadOut,
            Double nc2EquiangularMeans,
            Double nc2EquiangularReadOut,
            Double nc3,
            Double nc4) {}

    /**
     * The whole network under random ablation, and the means over its layers.
     *
     * @param ablation by share of units that are set to 0
     * @param removable mean of the ablation curve: the AUC
     * @param prunability share of units at which agreement crosses 80 %, or null if it never falls below
     * @param similarUnits mean over all layers but the output
     * @param compressability mean over all layers but the output
     */
    public record NetworkAnalysis(
            List<AblationPoint> ablation,
            Double removable,
            Double prunability,
            Double similarUnits,
            Double compressability) {}

    /** Share of samples whose predicted label is that of the whole network, with a share of all units set to 0. */
    public record AblationPoint(double share, Double agreement, Double agreementStdError) {}
}
