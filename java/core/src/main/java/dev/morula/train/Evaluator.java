package dev.morula.train;

import dev.morula.kernel.Kernels;
import dev.morula.kernel.Matrix;
import dev.morula.kernel.Workers;
import dev.morula.prepare.Samples;

/** Measures how well a network does, without changing it. */
public final class Evaluator {
    private final Kernels kernels;
    private final Workers workers;

    public Evaluator(Kernels kernels, Workers workers) {
        this.kernels = kernels;
        this.workers = workers;
    }

    /** Runs all of {@code samples}, prepared as those it was trained on were, through {@code network}. */
    public Evaluation evaluate(Network network, Samples samples, Loss loss) {
        return evaluate(kernels, workers, network, samples, loss);
    }

    static Evaluation evaluate(Kernels kernels, Workers workers, Network network, Samples samples, Loss lost) {
        double loss = 0;
        long wrong = 0;
        try (Inference inference = Inference.of(kernels, workers, network, samples.count());
                LossOperation losses = new LossOperation(kernels, lost, inference.batch())) {
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
