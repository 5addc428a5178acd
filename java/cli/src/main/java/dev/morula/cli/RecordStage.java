package dev.morula.cli;

import dev.morula.data.NpyWriter;
import dev.morula.data.Split;
import dev.morula.kernel.ElementType;
import dev.morula.kernel.Stage;
import dev.morula.network.Tap;
import dev.morula.prepare.Samples;
import dev.morula.train.ActivationRecorder;
import dev.morula.train.ActivationSink;
import dev.morula.train.Network;
import dev.morula.train.Weights;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Writes the activations of layers of a trained network as samples x neurons, streamed. */
final class RecordStage {
    /** Stands for all hidden layers. */
    static final String ALL = "all";

    private static final Stage RECORD = new Stage("record", Stage.Unit.IMAGES);

    private final Engine engine;

    RecordStage(Engine engine) {
        this.engine = engine;
    }

    /** What was written. */
    record Recorded(String layer, String split, long samples, long neurons, String output) {}

    /** Says where the activations of a layer go. */
    @FunctionalInterface
    interface Place {
        Path of(Tap tap);
    }

    /** Records {@code layer} of the run on {@code split}: as {@link Tap#of} takes it, or all hidden layers. */
    List<Recorded> run(RunFolder folder, TrainingSummary training, String layer, Split split, Place place) {
        try (PreparedData data = new PreparedData(engine, training.settings());
                Samples samples = split == Split.TRAIN ? data.train() : data.test();
                Network network = Weights.read(folder.weights(), data.network())) {
            List<Tap> taps = layer.equals(ALL) ? Tap.hidden(data.network()) : List.of(Tap.of(data.network(), layer));
            record(network, samples, taps, place);
            return taps.stream()
                    .map(tap -> new Recorded(
                            tap.name(),
                            split.name().toLowerCase(Locale.ROOT),
                            samples.count(),
                            tap.shape().size(),
                            place.of(tap).toString()))
                    .toList();
        }
    }

    private void record(Network network, Samples samples, List<Tap> taps, Place place) {
        Map<Tap, NpyWriter> writers = new LinkedHashMap<>();
        try {
            Map<Tap, ActivationSink> sinks = new LinkedHashMap<>();
            for (Tap tap : taps) {
                NpyWriter writer = NpyWriter.create(
                        place.of(tap),
                        ElementType.F32,
                        samples.count(),
                        tap.shape().size());
                writers.put(tap, writer);
                sinks.put(tap, (first, block) -> {
                    writer.append(block);
                    engine.progress().report(RECORD, first + block.rows(), samples.count());
                });
            }
            new ActivationRecorder(engine.kernels(), engine.workers()).record(network, samples, sinks);
            writers.values().forEach(NpyWriter::commit);
        } finally {
            writers.values().forEach(NpyWriter::close);
        }
    }
}
