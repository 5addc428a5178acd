package dev.morula.report;

import dev.morula.redundancy.Analysis;
import dev.morula.redundancy.Analysis.ChunkAnalysis;
import dev.morula.redundancy.Analysis.EpochAnalysis;
import dev.morula.redundancy.Analysis.LayerAnalysis;
import dev.morula.redundancy.Analysis.NetworkAnalysis;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Looks up what an analysis has, of which any part may be absent. */
record AnalysedNetwork(Analysis analysis) {
    Map<String, LayerAnalysis> layers() {
        return analysis.layers() == null ? Map.of() : analysis.layers();
    }

    /** The layers that follow one another: those whose class centres were looked for, without projections of shortcuts. */
    Map<String, LayerAnalysis> inDepth() {
        Map<String, LayerAnalysis> inDepth = new LinkedHashMap<>(layers());
        inDepth.values().removeIf(layer -> layer.nccTrainAccuracy() == null);
        return inDepth;
    }

    /** The name of the layer whose chunks and errors were analysed, or else of the last layer; empty without layers. */
    String readOutName() {
        String last = "";
        for (Map.Entry<String, LayerAnalysis> layer : layers().entrySet()) {
            last = layer.getKey();
            if (layer.getValue().chunks() != null) {
                return last;
            }
        }
        return last;
    }

    Optional<LayerAnalysis> readOutLayer() {
        return Optional.ofNullable(layers().get(readOutName()));
    }

    /** Chunks, the smallest first. */
    List<ChunkAnalysis> chunks() {
        return readOutLayer().map(LayerAnalysis::chunks).orElse(List.of()).stream()
                .sorted((one, other) -> Integer.compare(one.size(), other.size()))
                .toList();
    }

    List<EpochAnalysis> epochs() {
        return analysis.epochs() == null ? List.of() : analysis.epochs();
    }

    Optional<NetworkAnalysis> units() {
        return Optional.ofNullable(analysis.network());
    }

    Map<String, String> effectiveDepth() {
        return analysis.effectiveDepth() == null ? Map.of() : analysis.effectiveDepth();
    }
}
