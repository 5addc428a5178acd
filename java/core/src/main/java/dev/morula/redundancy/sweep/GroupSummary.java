package dev.morula.redundancy.sweep;

import dev.morula.kernel.Kernels;
import dev.morula.kernel.Matrix;
import dev.morula.kernel.Workers;
import dev.morula.redundancy.Analysis.LayerAnalysis;
import dev.morula.redundancy.Analysis.NetworkAnalysis;
import dev.morula.redundancy.Estimate;
import dev.morula.redundancy.SweepSummary.Group;
import dev.morula.redundancy.SweepSummary.Interval;
import dev.morula.redundancy.SweepSummary.PowerLaw;
import dev.morula.redundancy.SweepSummary.Run;
import dev.morula.redundancy.chunks.EnsembleError;
import java.util.List;
import java.util.function.Function;

/** Summarises networks that differ in their seed alone. */
public final class GroupSummary {
    private GroupSummary() {}

    /**
     * The summary of {@code kind}.
     *
     * @param all kinds of the sweep, among which an ensemble of narrow networks is looked for
     * @param seed of the bootstraps
     * @throws dev.morula.MorulaException if its networks were tested on different samples or with chunks of different sizes
     */
    public static Group of(Kind kind, List<Kind> all, long seed, Kernels kernels, Workers workers) {
        SeedMeans means = new SeedMeans(kind.seeds());
        List<Matrix> logits = kind.testLogits();
        EnsembleError ensemble = logits.size() < 2 ? null : new EnsembleError(logits, kind.labels());
        Estimate together = ensemble == null ? Estimate.NONE : ensemble.error();
        ChunkCurves curves = ChunkCurves.of(kind);
        Interval criticalWidth = curves == null ? null : curves.criticalWidth(seed);
        Double clones = criticalWidth == null ? null : Double.valueOf(kind.width() / criticalWidth.value());
        PowerLaw law = clones == null ? null : curves.law(criticalWidth.value(), seed, kernels, workers);
        PowerLaw lawOfEnsemble = clones == null || ensemble == null
                ? null
                : curves.law(ensemble, criticalWidth.value(), seed, kernels, workers);
        return new Group(
                kind.settings(),
                kind.name(),
                kind.width(),
                kind.seeds().stream().map(SeedResult::run).toList(),
                SeedMeans.mean(kind.seeds().stream().map(SeedResult::run), Run::trainError),
                SeedMeans.mean(kind.seeds().stream().map(SeedResult::run), Run::testError),
                together.mean(),
                together.standardError(),
                means.sizes(),
                criticalWidth,
                clones,
                law,
                lawOfEnsemble,
                clones == null ? null : CloneEnsemble.error(kind, criticalWidth.value(), clones, all),
                hidden(means.ofNetwork(NetworkAnalysis::similarUnits), means, LayerAnalysis::similarUnits),
                means.ofNetwork(NetworkAnalysis::removable),
                means.ofNetwork(NetworkAnalysis::prunability),
                hidden(means.ofNetwork(NetworkAnalysis::compressability), means, LayerAnalysis::compressability),
                means.ablation(),
                means.layers(),
                means.effectiveDepth());
    }

    /** The mean over all layers, or where only the last one was analysed, that layer's. */
    private static Estimate hidden(Estimate ofAll, SeedMeans means, Function<LayerAnalysis, Double> ofLayer) {
        return ofAll.mean() != null ? ofAll : means.ofLastLayer(ofLayer);
    }
}
