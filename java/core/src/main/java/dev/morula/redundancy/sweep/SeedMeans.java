package dev.morula.redundancy.sweep;

import dev.morula.redundancy.Analysis;
import dev.morula.redundancy.Analysis.AblationPoint;
import dev.morula.redundancy.Analysis.ChunkAnalysis;
import dev.morula.redundancy.Analysis.LayerAnalysis;
import dev.morula.redundancy.Analysis.NetworkAnalysis;
import dev.morula.redundancy.Estimate;
import dev.morula.redundancy.SweepSummary.LayerSummary;
import dev.morula.redundancy.SweepSummary.SizeSummary;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Stream;

/** Means over seeds of what each seed's network came to; a seed that has no value is left out of that mean. */
final class SeedMeans {
    private final List<SeedResult> seeds;
    private final List<Analysis> analyses;

    SeedMeans(List<SeedResult> seeds) {
        this.seeds = seeds;
        this.analyses = seeds.stream()
                .map(SeedResult::analysis)
                .filter(analysis -> analysis != null)
                .toList();
    }

    static <T> Estimate mean(Stream<T> seeds, Function<T, Double> value) {
        return Estimate.of(seeds.map(value)
                .filter(number -> number != null)
                .mapToDouble(Double::doubleValue)
                .toArray());
    }

    Estimate ofNetwork(Function<NetworkAnalysis, Double> value) {
        return mean(analyses.stream().map(Analysis::network).filter(network -> network != null), value);
    }

    Estimate ofLastLayer(Function<LayerAnalysis, Double> value) {
        return mean(seeds.stream().map(SeedResult::lastLayer).filter(layer -> layer != null), value);
    }

    /** Curves over chunk sizes, ascending. */
    List<SizeSummary> sizes() {
        Set<Integer> sizes = new TreeSet<>();
        seeds.forEach(seed -> seed.chunks().forEach(chunk -> sizes.add(chunk.size())));
        List<SizeSummary> summaries = new ArrayList<>();
        for (int size : sizes) {
            List<ChunkAnalysis> chunks = seeds.stream()
                    .flatMap(seed -> seed.chunks().stream())
                    .filter(chunk -> chunk.size() == size)
                    .toList();
            summaries.add(new SizeSummary(
                    size,
                    mean(chunks.stream(), ChunkAnalysis::trainError),
                    mean(chunks.stream(), ChunkAnalysis::testError),
                    mean(chunks.stream(), ChunkAnalysis::r2),
                    mean(chunks.stream(), ChunkAnalysis::residualCorrelation),
                    mean(chunks.stream(), ChunkAnalysis::residualCorrelationAllPairs)));
        }
        return summaries;
    }

    /** The ablation curve; empty where none was measured. */
    List<AblationPoint> ablation() {
        Map<Double, List<AblationPoint>> byShare = new LinkedHashMap<>();
        analyses.stream()
                .filter(analysis ->
                        analysis.network() != null && analysis.network().ablation() != null)
                .flatMap(analysis -> analysis.network().ablation().stream())
                .forEach(point -> byShare.computeIfAbsent(point.share(), share -> new ArrayList<>())
                        .add(point));
        List<AblationPoint> curve = new ArrayList<>();
        byShare.forEach((share, points) -> {
            Estimate agreement = mean(points.stream(), AblationPoint::agreement);
            curve.add(new AblationPoint(share, agreement.mean(), agreement.standardError()));
        });
        return curve;
    }

    /** By layer, first to last. */
    Map<String, LayerSummary> layers() {
        Set<String> names = new LinkedHashSet<>();
        analyses.forEach(analysis -> names.addAll(analysis.layers().keySet()));
        Map<String, LayerSummary> layers = new LinkedHashMap<>();
        for (String name : names) {
            List<LayerAnalysis> seen = analyses.stream()
                    .map(analysis -> analysis.layers().get(name))
                    .filter(layer -> layer != null)
                    .toList();
            layers.put(
                    name,
                    new LayerSummary(
                            seen.get(0).neurons(),
                            mean(seen.stream(), LayerAnalysis::nccTrainAccuracy),
                            mean(seen.stream(), LayerAnalysis::nccTestAccuracy),
                            mean(seen.stream(), LayerAnalysis::cdnv),
                            mean(seen.stream(), SeedMeans::nc1),
                            mean(seen.stream(), LayerAnalysis::similarUnits),
                            mean(seen.stream(), LayerAnalysis::compressability)));
        }
        return layers;
    }

    private static Double nc1(LayerAnalysis layer) {
        return layer.neuralCollapse() == null ? null : layer.neuralCollapse().nc1();
    }

    /** For each error allowed: the first layer that is deep enough, counted from 1. */
    Map<String, Estimate> effectiveDepth() {
        Set<String> errors = new LinkedHashSet<>();
        analyses.stream()
                .filter(analysis -> analysis.effectiveDepth() != null)
                .forEach(analysis -> errors.addAll(analysis.effectiveDepth().keySet()));
        Map<String, Estimate> depths = new LinkedHashMap<>();
        errors.forEach(
                error -> depths.put(error, mean(analyses.stream(), analysis -> effectiveDepth(analysis, error))));
        return depths;
    }

    /** Counted over the layers that class centres were looked for in, which leaves projections of shortcuts out. */
    static Double effectiveDepth(Analysis analysis, String error) {
        String layer = analysis.effectiveDepth() == null
                ? null
                : analysis.effectiveDepth().get(error);
        List<String> inDepth = analysis.layers().entrySet().stream()
                .filter(entry -> entry.getValue().nccTrainAccuracy() != null)
                .map(Map.Entry::getKey)
                .toList();
        int index = layer == null ? -1 : inDepth.indexOf(layer);
        return index < 0 ? null : index + 1.0;
    }
}
