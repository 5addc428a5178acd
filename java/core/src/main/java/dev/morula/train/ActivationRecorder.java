package dev.morula.train;

import dev.morula.kernel.Kernels;
import dev.morula.kernel.Workers;
import dev.morula.network.Tap;
import dev.morula.prepare.Samples;
import java.util.List;
import java.util.Map;

/** Streams what layers put out, so that a layer may be larger than memory. */
public final class ActivationRecorder {
    private final Kernels kernels;
    private final Workers workers;

    public ActivationRecorder(Kernels kernels, Workers workers) {
        this.kernels = kernels;
        this.workers = workers;
    }

    /**
     * Runs all of {@code samples}, prepared as those it was trained on were, through {@code network}; each tap's sink gets
     * one row a sample: images channel by channel, row by row.
     */
    public void record(Network network, Samples samples, Map<Tap, ActivationSink> sinks) {
        List<Tap> taps = List.copyOf(sinks.keySet());
        try (Inference inference = Inference.upTo(kernels, workers, network, taps, samples.count())) {
            for (long first = 0; first < samples.count(); first += inference.batch()) {
                long count = Math.min(inference.batch(), samples.count() - first);
                inference.run(samples.slice(first, count).inputs());
                for (Tap tap : taps) {
                    sinks.get(tap).accept(first, inference.tapped(tap));
                }
            }
        }
    }
}
