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
import dev.morula.train.Network;
import dev.morula.train.Parameter;
import dev.morula.train.Weights;
import java.util.List;
import java.util.Map;

/** A trained network with the samples of its run, held in memory. */
final class TrainedRun implements AutoCloseable {
    private final Engine engine;
    private final PreparedData data;
    private final Network network;
    private final Samples train;
    private final Samples test;
    private final ReadOut readOut;

    private TrainedRun(Engine engine, PreparedData data, Network network) {
        this.engine = engine;
        this.data = data;
        this.network = network;
        this.train = data.train();
        this.test = data.test();
        this.readOut = readOut(network);
    }

    /** The run in {@code folder} as training left it. The caller closes it. */
    static TrainedRun open(Engine engine, RunFolder folder) {
        PreparedData data =
                new PreparedData(engine, RunSummary.read(folder).training().settings());
        try {
            return new TrainedRun(engine, data, Weights.read(folder.weights(), data.network()));
        } catch (RuntimeException | Error e) {
            data.close();
            throw e;
        }
    }

    NetworkDefinition definition() {
        return data.network();
    }

    Network network() {
        return network;
    }

    Samples samples(Split split) {
        return split == Split.TRAIN ? train : test;
    }

    /** The network's own read-out, not a copy; without a bias its bias is 0. */
    ReadOut readOut() {
        return readOut;
    }

    /** What the network puts out at {@code tap} for the samples of {@code split}. The caller closes the activations. */
    Features features(Tap tap, Split split) {
        Samples samples = samples(split);
        Matrix activations =
                Matrix.allocate(ElementType.F32, samples.count(), tap.shape().size());
        try {
            new ActivationRecorder(engine.kernels(), engine.workers())
                    .record(network, samples, Map.of(tap, (first, block) -> {
                        long start = first * activations.columns();
                        block.copyTo(0, activations, start, block.rows() * block.columns());
                    }));
            return new Features(tap.name(), activations, labels(split), data.classes());
        } catch (RuntimeException | Error e) {
            activations.close();
            throw e;
        }
    }

    int[] labels(Split split) {
        int[] labels = new int[Math.toIntExact(samples(split).count())];
        samples(split).labels().read(0, labels, 0, labels.length);
        return labels;
    }

    private static ReadOut readOut(Network network) {
        List<Parameter> parameters = network.parameters();
        Parameter last = parameters.get(parameters.size() - 1);
        if (last.name().endsWith("bias")) {
            return new ReadOut(parameters.get(parameters.size() - 2).values(), last.values());
        }
        return new ReadOut(
                last.values(), Matrix.allocate(ElementType.F32, 1, last.values().rows()));
    }

    @Override
    public void close() {
        readOut.bias().close();
        network.close();
        train.close();
        test.close();
        data.close();
    }
}
