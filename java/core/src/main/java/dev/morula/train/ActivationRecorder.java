package dev.morula.train;

import dev.morula.kernel.Kernels;
import dev.morula.kernel.Workers;
import dev.morula.network.Tap;

/** Streams what a layer puts out, so that the layer may be larger than memory. */
public final class ActivationRecorder {
    private final Kernels kernels;
    private final Workers workers;

    public ActivationRecorder(Kernels kernels, Workers workers) {
        this.kernels = kernels;
        this.workers = workers;
    }

    /**
     * Runs all of {@code samples}, prepared as those it was trained on were, through {@code network} up to {@code tap}; each
     * gives one row.
     */
    public void record(Network network, Samples samples, Tap tap, ActivationSink sink) {
        try (Inference inference = Inference.upTo(kernels, workers, network, tap, samples.count())) {
            for (long first = 0; first < samples.count(); first += inference.batch()) {
                long count = Math.min(inference.batch(), samples.count() - first);
                sink.accept(first, inference.run(samples.slice(first, count).inputs()));
            }
        }
    }
}
