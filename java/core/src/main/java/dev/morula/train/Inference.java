package dev.morula.train;

import dev.morula.kernel.Kernels;
import dev.morula.kernel.Matrix;
import dev.morula.kernel.Workers;
import dev.morula.network.NetworkDefinition;
import dev.morula.network.Tap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** A network that is used and not trained. */
final class Inference implements AutoCloseable {
    private static final long MOST_SAMPLES = 256;
    private static final long MOST_ELEMENTS = 1 << 25; // 128 MiB for the largest layer's output

    private final Scratch scratch;
    private final Operation operation;
    private final long batch;
    private final Map<String, Operation> flattening = new HashMap<>();
    private final Map<String, Matrix> tapped = new HashMap<>();

    private Inference(Kernels kernels, Workers workers, Network network, List<Tap> taps, long samples) {
        Workers callers = workers.calling(kernels);
        scratch = new Scratch(callers.count());
        batch = batch(network.definition(), samples);
        Site site =
                new Site(kernels, callers, scratch, batch, network.definition().input(), true);
        Map<String, Consumer<Matrix>> consumers = new HashMap<>();
        for (Tap tap : taps) {
            consumers.put(tap.path(), out -> tapped.put(tap.path(), out));
            flattening.put(tap.path(), new FlattenOperation(site.at(tap.shape())));
        }
        operation =
                taps.isEmpty() ? Operations.forEvaluation(network, site) : Operations.upTo(network, site, consumers);
    }

    /** The whole network, up to its logits, for sets of so many samples. */
    static Inference of(Kernels kernels, Workers workers, Network network, long samples) {
        return new Inference(kernels, workers, network, List.of(), samples);
    }

    /** The network as far as {@code taps}, at least one, need it: {@link #tapped} has what they show. */
    static Inference upTo(Kernels kernels, Workers workers, Network network, List<Tap> taps, long samples) {
        return new Inference(kernels, workers, network, taps, samples);
    }

    /** Samples a batch, such that even a very wide layer's output stays small; results depend on it by rounding only. */
    private static long batch(NetworkDefinition definition, long samples) {
        long widest = definition.places().stream()
                .mapToLong(place -> place.output().size())
                .max()
                .orElseThrow();
        return Math.min(samples, Math.max(1, Math.min(MOST_SAMPLES, MOST_ELEMENTS / widest)));
    }

    /** The most samples that {@link #run} takes. */
    long batch() {
        return batch;
    }

    /** What comes out for {@code inputs}; valid until the next call. */
    Matrix run(Matrix inputs) {
        return operation.forward(inputs, Phase.EVALUATION);
    }

    /** What the last inputs gave at {@code tap}: one row a sample, channel by channel, row by row; valid until the next. */
    Matrix tapped(Tap tap) {
        return flattening.get(tap.path()).forward(tapped.get(tap.path()), Phase.EVALUATION);
    }

    @Override
    public void close() {
        operation.close();
        flattening.values().forEach(Operation::close);
        scratch.close();
    }
}
