package dev.morula.train;

import dev.morula.data.DataSet;
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
     * Runs all samples through {@code network} up to {@code tap}; each sample gives one row.
     *
     * @param preparation that of the network's train set
     */
    public void record(Network network, DataSet data, FittedPreparation preparation, Tap tap, ActivationSink sink) {
        try (Samples samples = Samples.of(data, preparation, network.definition(), kernels, workers);
                Inference inference = Inference.upTo(kernels, workers, network, tap, samples.count())) {
            for (long first = 0; first < samples.count(); first += inference.batch()) {
                long count = Math.min(inference.batch(), samples.count() - first);
                sink.accept(first, inference.run(samples.slice(first, count).inputs()));
            }
        }
    }
}
