package dev.morula.train;

import dev.morula.data.DataSet;
import dev.morula.kernel.Kernels;
import dev.morula.kernel.Matrix;
import dev.morula.kernel.Workers;

/** Measures how well a network does, without changing it. */
public final class Evaluator {
    private final Kernels kernels;
    private final Workers workers;

    public Evaluator(Kernels kernels, Workers workers) {
        this.kernels = kernels;
        this.workers = workers;
    }

    /** Runs all samples through {@code network}, prepared as those it was trained on were. */
    public Evaluation evaluate(Network network, DataSet data, FittedPreparation preparation) {
        try (Samples samples = Samples.of(data, preparation, network.definition(), kernels, workers)) {
            return evaluate(kernels, workers, network, samples);
        }
    }

    static Evaluation evaluate(Kernels kernels, Workers workers, Network network, Samples samples) {
        double loss = 0;
        long wrong = 0;
        try (Inference inference = Inference.of(kernels, workers, network, samples.count());
                Loss losses = new Loss(kernels, inference.batch())) {
            for (long first = 0; first < samples.count(); first += inference.batch()) {
                Samples part = samples.slice(first, Math.min(inference.batch(), samples.count() - first));
                Matrix logits = inference.run(part.inputs());
                TrainingStep.Outcome outcome = losses.of(null, logits, part.labels());
                loss += outcome.loss();
                wrong += outcome.wrong();
            }
        }
        return new Evaluation(samples.count(), samples.count() - wrong, loss / samples.count());
    }
}
