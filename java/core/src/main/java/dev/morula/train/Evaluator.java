package dev.morula.train;

import dev.morula.data.ImageSet;
import dev.morula.kernel.Kernels;
import dev.morula.kernel.Matrix;
import dev.morula.kernel.Workers;
import java.util.List;

/** Measures how well a network does, without changing it. */
public final class Evaluator {
    private static final long MOST_SAMPLES = 256;
    private static final long MOST_ELEMENTS = 1 << 25; // 128 MiB for the widest layer's output

    private final Kernels kernels;
    private final Workers workers;

    public Evaluator(Kernels kernels, Workers workers) {
        this.kernels = kernels;
        this.workers = workers;
    }

    /** Runs all images through {@code network}, standardised as those it was trained on were. */
    public Evaluation evaluate(Network network, ImageSet images, Standardisation standardisation) {
        try (Samples samples = Samples.of(images, standardisation, network.architecture())) {
            return evaluate(kernels, workers, network, samples);
        }
    }

    static Evaluation evaluate(Kernels kernels, Workers workers, Network network, Samples samples) {
        long batch = batch(network, samples);
        int depth = network.layers().size();
        double loss = 0;
        long wrong = 0;
        try (ForwardPass forward = new ForwardPass(kernels, workers, network, depth, batch);
                LossOperation losses = new LossOperation(kernels, new Loss.CrossEntropy(0), batch)) {
            for (long first = 0; first < samples.count(); first += batch) {
                Samples part = samples.slice(first, Math.min(batch, samples.count() - first));
                List<Matrix> outputs = forward.run(part.inputs());
                TrainingStep.Outcome outcome = losses.of(null, outputs.get(depth - 1), part.labels());
                loss += outcome.loss();
                wrong += outcome.wrong();
            }
        }
        return new Evaluation(samples.count(), samples.count() - wrong, loss / samples.count());
    }

    /** Samples a batch, such that even a very wide layer's output stays small; results depend on it by rounding only. */
    static long batch(Network network, Samples samples) {
        long widest = network.layers().stream().mapToLong(Linear::outputs).max().orElseThrow();
        return Math.min(samples.count(), Math.max(1, Math.min(MOST_SAMPLES, MOST_ELEMENTS / widest)));
    }
}
