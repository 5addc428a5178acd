package dev.morula.cli;

import dev.morula.data.NpyWriter;
import dev.morula.data.Split;
import dev.morula.kernel.ElementType;
import dev.morula.kernel.Stage;
import dev.morula.network.Tap;
import dev.morula.train.ActivationRecorder;
import dev.morula.train.Network;
import dev.morula.train.Samples;
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
        try (PreparedData data = new PreparedData(engine, training.settings());
                Samples samples = split == Split.TRAIN ? data.train() : data.test();
                Network network = Weights.read(folder.weights(), data.network())) {
            Tap tap = Tap.of(data.network(), layer);
            record(network, samples, tap, out);
            String splitName = split == Split.TRAIN ? "train" : "test";
            return new Recorded(layer, splitName, samples.count(), tap.shape().size(), out.toString());
        }
    }

    private void record(Network network, Samples samples, Tap tap, Path out) {
        try (NpyWriter writer = NpyWriter.create(
                out, ElementType.F32, samples.count(), tap.shape().size())) {
            new ActivationRecorder(engine.kernels(), engine.workers()).record(network, samples, tap, (first, block) -> {
                writer.append(block);
                engine.progress().report(RECORD, first + block.rows(), samples.count());
            });
            writer.commit();
        }
    }
}
