package dev.morula.cli;

import dev.morula.data.DataSource;
import dev.morula.data.ImageSet;
import dev.morula.data.NpyWriter;
import dev.morula.data.Split;
import dev.morula.kernel.ElementType;
import dev.morula.kernel.Stage;
import dev.morula.network.NetworkDefinition;
import dev.morula.network.Presets;
import dev.morula.network.Shape;
import dev.morula.network.Tap;
import dev.morula.train.ActivationRecorder;
import dev.morula.train.Network;
import dev.morula.train.Standardisation;
import dev.morula.train.Weights;
import java.nio.file.Path;

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
        ImageSet images = DataSource.parse(training.data()).load(split);
        ImageSet used = split == Split.TRAIN ? images.first(training.trainSize()) : images;
        Shape sample = new Shape(1, images.height(), images.width());
        NetworkDefinition definition = Presets.parse(training.net(), sample, images.classes());
        Tap tap = Tap.of(definition, layer);
        int width = tap.shape().size();
        Standardisation standardisation = new Standardisation(training.pixelMean(), training.pixelDeviation());
        try (Network network = Weights.read(folder.weights(), definition);
                NpyWriter writer = NpyWriter.create(out, ElementType.F32, used.count(), width)) {
            new ActivationRecorder(engine.kernels(), engine.workers())
                    .record(network, used, standardisation, tap, (first, block) -> {
                        writer.append(block);
                        engine.progress().report(RECORD, first + block.rows(), used.count());
                    });
            writer.commit();
        }
        String splitName = split == Split.TRAIN ? "train" : "test";
        return new Recorded(layer, splitName, used.count(), width, out.toString());
    }
}
