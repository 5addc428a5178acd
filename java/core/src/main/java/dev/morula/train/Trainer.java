package dev.morula.train;

import dev.morula.data.DataSet;
import dev.morula.kernel.Kernels;
import dev.morula.kernel.Workers;
import java.util.ArrayList;
import java.util.List;

/**
 * Trains networks: softmax cross-entropy, stochastic gradient descent. Network, options, tier and number of threads
 * given, the trained weights are the same bit by bit every time.
 */
public final class Trainer {
    private final Kernels kernels;
    private final Workers workers;

    public Trainer(Kernels kernels, Workers workers) {
        this.kernels = kernels;
        this.workers = workers;
    }

    /**
     * Trains {@code network} in place. A goal that was not reached is in the result; a loss that is not finite is a
     * {@link dev.morula.MorulaException} that names epoch and step.
     */
    public TrainingResult train(Network network, DataSet data, TrainingOptions options, TrainingListener listener) {
        long start = System.nanoTime();
        FittedPreparation preparation = Preparation.DEFAULT.fit(data, kernels, workers);
        try (Samples samples = Samples.of(data, preparation, network.definition(), kernels, workers)) {
            List<EpochReport> reports = new ArrayList<>();
            Evaluation train = train(network, samples, options, listener, reports);
            double seconds = (System.nanoTime() - start) * 1e-9;
            return new TrainingResult(reports, preparation, train, options.goal(), seconds);
        }
    }

    private Evaluation train(
            Network network,
            Samples samples,
            TrainingOptions options,
            TrainingListener listener,
            List<EpochReport> reports) {
        int batch = (int) Math.min(options.batch(), samples.count());
        try (TrainingStep step = new TrainingStep(kernels, workers, network, options.optimizer(), batch);
                Batches batches = new Batches(
                        kernels, samples, network.definition().input(), batch, Augmentation.NONE, options.seed())) {
            Epoch epoch = new Epoch(step, batches, listener);
            while (true) {
                int number = reports.size() + 1;
                double factor = options.schedule().factor(number, options.epochs());
                EpochReport report = epoch.run(number, options.optimizer().rate() * factor);
                reports.add(report);
                listener.epochDone(report);
                if (number >= options.epochs()) {
                    Evaluation train = Evaluator.evaluate(kernels, workers, network, samples);
                    if (options.goal() == Goal.SCHEDULE_DONE || train.wrong() == 0 || number >= options.maxEpochs()) {
                        return train;
                    }
                }
            }
        }
    }
}
