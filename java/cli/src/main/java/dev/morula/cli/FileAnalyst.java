package dev.morula.cli;

import dev.morula.data.Split;
import dev.morula.kernel.Matrix;
import dev.morula.redundancy.Analysis;
import dev.morula.redundancy.Analysis.LayerAnalysis;
import dev.morula.redundancy.Features;
import dev.morula.redundancy.Predictions;
import dev.morula.redundancy.ReadOut;
import dev.morula.redundancy.depth.EffectiveDepth;
import dev.morula.redundancy.depth.LayerDepth;
import dev.morula.redundancy.units.LayerUnits;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Analyses layers in files; the read-out reads the last of them. */
final class FileAnalyst {
    private final Engine engine;
    private final StoredLayers files;
    private final AnalysisSettings settings;
    private final LayerFigures figures;
    private final ChunkStage chunks;
    private final Map<String, Double> errors = new LinkedHashMap<>();

    FileAnalyst(Engine engine, StoredLayers files, AnalysisSettings settings) {
        this.engine = engine;
        this.files = files;
        this.settings = settings;
        this.figures = new LayerFigures(engine);
        this.chunks = new ChunkStage(engine, settings);
    }

    /** Analyses all layers, one at a time. */
    Analysis analyse() {
        Map<String, LayerAnalysis> layers = new LinkedHashMap<>();
        for (String name : files.names()) {
            try (Features train = files.features(name, Split.TRAIN, engine);
                    Features test = files.features(name, Split.TEST, engine)) {
                layers.put(name, name.equals(files.last()) ? last(train, test) : hidden(train, test));
            }
        }
        List<String> notes = new ArrayList<>(chunks.notes());
        notes.add("Ablation takes the network, of which there are activations only: left out.");
        return new Analysis(
                settings.seed(), layers, null, EffectiveDepth.names(errors, settings.depthErrors()), null, notes);
    }

    private LayerAnalysis hidden(Features train, Features test) {
        return layer(train, test, null, figures.depth(train, test, null, null));
    }

    private LayerAnalysis last(Features train, Features test) {
        try (ReadOut readOut = files.readOut(train.neurons())) {
            int[] predicted = readOut == null ? null : predicted(train, readOut);
            return layer(train, test, chunks.run(train, test, readOut), figures.depth(train, test, readOut, predicted));
        }
    }

    private LayerAnalysis layer(Features train, Features test, ChunkStage.Found found, LayerDepth depth) {
        LayerUnits units =
                LayerUnits.of(test == null ? train : test, figures.unitOptions(), engine.kernels(), engine.workers());
        errors.put(train.name(), depth.trainError());
        return LayerFigures.of(train, found, units, depth);
    }

    /** By the read-out, which is all that comes after this layer. */
    private int[] predicted(Features features, ReadOut readOut) {
        try (Matrix logits = readOut.logits(features, engine.kernels(), engine.workers())) {
            return Predictions.of(logits);
        }
    }
}
