package dev.morula.cli;

import dev.morula.data.DataSet;
import dev.morula.data.DataSource;
import dev.morula.data.NpyWriter;
import dev.morula.data.Split;
import dev.morula.kernel.ElementType;
import dev.morula.kernel.Stage;
import dev.morula.network.NetworkDefinition;
import dev.morula.network.Presets;
import dev.morula.network.Tap;
import dev.morula.train.ActivationRecorder;
import dev.morula.train.FittedPreparation;
import dev.morula.train.Network;
import dev.morula.train.Preparation;
import dev.morula.train.Standardisation;
import dev.morula.train.Weights;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Writes the activations of one layer of a trained network as samples x neurons, streamed. */
final class RecordStage {
    private static final Stage RECORD = new Stage("record", Stage.Unit.IMAGES);

    private final Engine engine;

    RecordStage(Engine engine) {
        this.engine = engine;
    }

    /** What was written. */
    record Recorded(String layer, String split, long samples, long neurons, String output) {}

    /** Records {@code layer} (as {@link Tap#of} takes it) of the run on {@code split}. */
    Recorded run(RunFolder folder, TrainingSummary training, String layer, Split split, Path out) {
        DataSet images = DataSource.parse(training.data()).load(split);
        DataSet used = split == Split.TRAIN ? images.first(training.trainSize()) : images;
        NetworkDefinition definition = Presets.parse(training.net(), images.shape(), images.classes());
        Tap tap = Tap.of(definition, layer);
        int width = tap.shape().size();
        FittedPreparation preparation = new FittedPreparation(
                Preparation.DEFAULT,
                images.shape(),
                new Standardisation(
                        Standardisation.Scope.SET, List.of(training.pixelMean()), List.of(training.pixelDeviation())),
                Optional.empty());
        try (Network network = Weights.read(folder.weights(), definition);
                NpyWriter writer = NpyWriter.create(out, ElementType.F32, used.count(), width)) {
            new ActivationRecorder(engine.kernels(), engine.workers())
                    .record(network, used, preparation, tap, (first, block) -> {
                        writer.append(block);
                        engine.progress().report(RECORD, first + block.rows(), used.count());
                    });
            writer.commit();
        }
        String splitName = split == Split.TRAIN ? "train" : "test";
        return new Recorded(layer, splitName, used.count(), width, out.toString());
    }
}
