package dev.morula.train;

import dev.morula.data.ImageSet;
import dev.morula.kernel.Kernels;
import dev.morula.kernel.Matrix;
import dev.morula.kernel.Workers;
import java.util.List;

/** Streams what a hidden layer puts out, after its ReLU, so that the layer may be larger than memory. */
public final class ActivationRecorder {
    private final Kernels kernels;
    private final Workers workers;

    public ActivationRecorder(Kernels kernels, Workers workers) {
        this.kernels = kernels;
        this.workers = workers;
    }

    /**
     * Runs all images through {@code network} up to hidden layer {@code layer}.
     *
     * @param layer counted from 1; {@link Architecture#hiddenLayer} reads one from text
     * @param standardisation that of the network's train set
     */
    public void record(
            Network network, ImageSet images, Standardisation standardisation, int layer, ActivationSink sink) {
        network.architecture().width(layer); // refuses a layer that is not there
        try (Samples samples = Samples.of(images, standardisation, network.architecture())) {
            long batch = Evaluator.batch(network, samples);
            try (ForwardPass forward = new ForwardPass(kernels, workers, network, layer, batch)) {
                for (long first = 0; first < samples.count(); first += batch) {
                    long count = Math.min(batch, samples.count() - first);
                    List<Matrix> outputs = forward.run(samples.inputs().slice(first, count));
                    sink.accept(first, outputs.get(layer - 1));
                }
            }
        }
    }
}
