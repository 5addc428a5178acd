package dev.morula.cli;

import dev.morula.data.Split;
import dev.morula.kernel.ElementType;
import dev.morula.kernel.Matrix;
import dev.morula.network.NetworkDefinition;
import dev.morula.network.Tap;
import dev.morula.prepare.Samples;
import dev.morula.redundancy.Features;
import dev.morula.redundancy.ReadOut;
import dev.morula.train.ActivationRecorder;
import dev.morula.train.Logits;
import dev.morula.train.Network;
import dev.morula.train.Parameter;
import dev.morula.train.Weights;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A trained network with the samples of its run, held in memory. */
final class TrainedRun implements AutoCloseable {
    private final Engine engine;
    private final PreparedData data;
    private final Samples train;
    private final Samples test;
    private final Network network;

    private TrainedRun(Engine engine, PreparedData data, Path weights) {
        this.engine = engine;
        this.data = data;
        this.network = Weights.read(weights, data.network());
        this.train = data.train();
        this.test = data.test();
    }

    /** The run in {@code folder} as training left it. The caller closes it. */
    static TrainedRun open(Engine engine, RunFolder folder) {
        PreparedData data =
                new PreparedData(engine, RunSummary.read(folder).training().settings());
        try {
            return new TrainedRun(engine, data, folder.weights());
        } catch (RuntimeException | Error e) {
            data.close();
            throw e;
        }
    }

    NetworkDefinition definition() {
        return data.network();
    }

    /** The network as training left it. */
    Network network() {
        return network;
    }

    /** The network as it was when {@code weights} were written. The caller closes it. */
    Network network(Path weights) {
        return Weights.read(weights, data.network());
    }

    Samples samples(Split split) {
        return split == Split.TRAIN ? train : test;
    }

    int[] labels(Split split) {
        int[] labels = new int[Math.toIntExact(samples(split).count())];
        samples(split).labels().read(0, labels, 0, labels.length);
        return labels;
    }

    /** What the network puts out at {@code tap}. The caller closes it. */
    Features features(Tap tap, Split split) {
        return features(network, tap, split);
    }

    /** What {@code some}, this network or an earlier one, puts out at {@code tap}. The caller closes them. */
    Features features(Network some, Tap tap, Split split) {
        Samples samples = samples(split);
        Matrix activations =
                Matrix.allocate(ElementType.F32, samples.count(), tap.shape().size());
        try {
            new ActivationRecorder(engine.kernels(), engine.workers())
                    .record(some, samples, Map.of(tap, (first, block) -> {
                        long start = first * activations.columns();
                        block.copyTo(0, activations, start, block.rows() * block.columns());
                    }));
            return new Features(tap.name(), activations, labels(split), data.classes());
        } catch (RuntimeException | Error e) {
            activations.close();
            throw e;
        }
    }

    /** What the network puts out: samples x outputs. The caller closes it. */
    Matrix logits(Split split) {
        return Logits.of(network, samples(split), engine.kernels(), engine.workers());
    }

    /** The network's own read-out. */
    ReadOut readOut() {
        return readOut(network);
    }

    /** The read-out of {@code network}, not a copy; those of all presets have a bias. */
    static ReadOut readOut(Network network) {
        List<Parameter> parameters = network.parameters();
        return new ReadOut(
                parameters.get(parameters.size() - 2).values(),
                parameters.get(parameters.size() - 1).values());
    }

    @Override
    public void close() {
        network.close();
        train.close();
        test.close();
        data.close();
    }
}
