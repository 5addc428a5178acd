package dev.morula.cli;

import dev.morula.data.Npy;
import dev.morula.data.Split;
import dev.morula.kernel.Matrix;
import dev.morula.network.Tap;
import dev.morula.redundancy.Analysis;
import dev.morula.redundancy.Analysis.EpochAnalysis;
import dev.morula.redundancy.Analysis.LayerAnalysis;
import dev.morula.redundancy.Analysis.NetworkAnalysis;
import dev.morula.redundancy.Estimate;
import dev.morula.redundancy.Features;
import dev.morula.redundancy.Predictions;
import dev.morula.redundancy.ReadOut;
import dev.morula.redundancy.depth.EffectiveDepth;
import dev.morula.redundancy.depth.LayerDepth;
import dev.morula.redundancy.depth.Taps;
import dev.morula.redundancy.units.Ablation;
import dev.morula.redundancy.units.AblationCurve;
import dev.morula.redundancy.units.LayerUnits;
import dev.morula.train.Network;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * Analyses the network of a run: units after the activation function, on test samples; depth before batch norm and
 * activation function (Galanti et al.); chunks of what the read-out reads.
 */
final class RunAnalyst {
    private static final String LAST = "last"; // beside the hidden layers "1", "2", ...
    private static final int ABLATION_DRAWS = 3; // the paper's

    private final Engine engine;
    private final TrainedRun run;
    private final AnalysisSettings settings;
    private final LayerFigures figures;
    private final ChunkStage chunks;
    private final Map<String, LayerAnalysis> layers = new LinkedHashMap<>();

    RunAnalyst(Engine engine, TrainedRun run, AnalysisSettings settings) {
        this.engine = engine;
        this.run = run;
        this.settings = settings;
        this.figures = new LayerFigures(engine);
        this.chunks = new ChunkStage(engine, settings);
    }

    /** Analyses the run of {@code folder}, and writes to {@code target} what comes beside analysis.json. */
    Analysis analyse(RunFolder folder, AnalysisFolder target) {
        boolean all = settings.layers() == AnalysisSettings.Layers.ALL;
        Map<String, String> effectiveDepth = all ? hidden() : Map.of();
        NetworkAnalysis network = all ? network(layers.values()) : null;
        layers.put(LAST, last(target));
        return new Analysis(settings.seed(), layers, network, effectiveDepth, epochs(folder), chunks.notes());
    }

    /** Measures the hidden layers and returns the effective depth for each error allowed. */
    private Map<String, String> hidden() {
        Map<String, Tap> products = Taps.of(run.definition());
        Map<String, Double> errors = new LinkedHashMap<>();
        for (Tap output : Tap.hidden(run.definition())) {
            Tap product = products.get(output.name());
            layers.put(output.name(), product == null ? shortcut(output) : hidden(output, product, errors));
        }
        return EffectiveDepth.names(errors, settings.depthErrors());
    }

    private LayerAnalysis hidden(Tap output, Tap product, Map<String, Double> errors) {
        return withFeatures(run.network(), product, (train, test) -> {
            LayerDepth depth = figures.depth(train, test, null, null);
            errors.put(output.name(), depth.trainError());
            return LayerFigures.of(train, null, units(output), depth);
        });
    }

    /** A projection has units like any other layer, but no place in depth. */
    private LayerAnalysis shortcut(Tap output) {
        return withFeatures(run.network(), output, (train, test) -> LayerFigures.of(train, null, units(output), null));
    }

    private LayerAnalysis last(AnalysisFolder target) {
        Tap tap = Tap.of(run.definition(), LAST);
        ReadOut readOut = run.readOut();
        return withFeatures(run.network(), tap, (train, test) -> {
            ChunkStage.Found found = chunks.run(train, test, readOut);
            target.writeChunkTestErrors(found.testShares());
            try (Matrix onTrain = run.logits(Split.TRAIN);
                    Matrix onTest = run.logits(Split.TEST)) {
                Npy.write(target.testLogits(), onTest);
                LayerDepth depth = figures.depth(train, test, readOut, Predictions.of(onTrain));
                return LayerFigures.of(train, found, units(tap), depth);
            }
        });
    }

    private LayerUnits units(Tap tap) {
        return LayerUnits.of(
                run.network(),
                run.samples(Split.TEST),
                tap,
                figures.unitOptions(),
                settings.seed(),
                engine.kernels(),
                engine.workers());
    }

    private <T> T withFeatures(Network network, Tap tap, BiFunction<Features, Features, T> measure) {
        try (Features train = run.features(network, tap, Split.TRAIN);
                Features test = run.features(network, tap, Split.TEST)) {
            return measure.apply(train, test);
        }
    }

    private NetworkAnalysis network(Collection<LayerAnalysis> hidden) {
        AblationCurve curve = Ablation.run(
                run.network(),
                run.samples(Split.TEST),
                ABLATION_DRAWS,
                settings.seed(),
                engine.kernels(),
                engine.workers());
        return new NetworkAnalysis(
                curve.points(),
                curve.removable(),
                curve.prunability(),
                mean(hidden, LayerAnalysis::similarUnits),
                mean(hidden, LayerAnalysis::compressability));
    }

    private static Double mean(Collection<LayerAnalysis> layers, Function<LayerAnalysis, Double> quantity) {
        return Estimate.of(layers.stream()
                        .map(quantity)
                        .mapToDouble(value -> value == null ? Double.NaN : value)
                        .toArray())
                .mean();
    }

    /** The last layer after each epoch whose weights were kept; null if none were. */
    private List<EpochAnalysis> epochs(RunFolder folder) {
        List<EpochAnalysis> epochs = new ArrayList<>();
        Tap tap = Tap.of(run.definition(), LAST);
        for (int epoch : folder.keptEpochs()) {
            try (Network then = run.network(folder.epoch(epoch))) {
                epochs.add(withFeatures(then, tap, (train, test) -> {
                    ChunkStage.Found found = chunks.run(train, test, TrainedRun.readOut(then));
                    return new EpochAnalysis(epoch, found.trainError(), found.testError(), found.chunks());
                }));
            }
        }
        return epochs.isEmpty() ? null : epochs;
    }
}
