package dev.morula.train;

import dev.morula.kernel.Kernels;
import dev.morula.kernel.Matrix;
import dev.morula.kernel.Workers;
import dev.morula.network.NetworkDefinition;
import dev.morula.network.Tap;

/** A network that is used and not trained. */
final class Inference implements AutoCloseable {
    private static final long MOST_SAMPLES = 256;
    private static final long MOST_ELEMENTS = 1 << 25; // 128 MiB for the largest layer's output

    private final Scratch scratch;
    private final Operation operation;
    private final long batch;
    private Matrix tapped;

    private Inference(Kernels kernels, Workers workers, Network network, Tap tap, long samples) {
        scratch = new Scratch(workers.count());
        batch = batch(network.definition(), samples);
        Site site =
                new Site(kernels, workers, scratch, batch, network.definition().input(), true);
        operation = tap == null
                ? Operations.forEvaluation(network, site)
                : Operations.upTo(network, site, tap.path(), out -> tapped = out);
    }

    /** The whole network, up to its logits, for sets of so many samples. */
    static Inference of(Kernels kernels, Workers workers, Network network, long samples) {
        return new Inference(kernels, workers, network, null, samples);
    }

    /** The network up to {@code tap}, whose output it puts out. */
    static Inference upTo(Kernels kernels, Workers workers, Network network, Tap tap, long samples) {
        return new Inference(kernels, workers, network, tap, samples);
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
        tapped = null;
        Matrix out = operation.forward(inputs, Phase.EVALUATION);
        return tapped == null ? out : tapped;
    }

    @Override
    public void close() {
        operation.close();
        scratch.close();
    }
}
