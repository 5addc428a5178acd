package dev.morula.train;

import dev.morula.MorulaException;
import dev.morula.kernel.Kernels;
import dev.morula.kernel.Workers;
import dev.morula.prepare.Batches;
import dev.morula.prepare.Samples;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A network being trained, epoch by epoch. Between two epochs it can be saved; what is restored goes on as if it had never
 * stopped, bit by bit, given the same tier and number of threads.
 */
public final class Training implements AutoCloseable {
    private final Kernels kernels;
    private final Workers workers;
    private final Network network;
    private final Samples train;
    private final Optional<Samples> validation;
    private final TrainingOptions options;
    private final TrainingStep step;
    private final Batches batches;
    private final BestWeights best;
    private final List<EpochReport> reports = new ArrayList<>();
    private int epoch; // epochs done
    private Evaluation evaluation;

    /**
     * Begins to train {@code network} in place.
     *
     * @param validation what the goal LEAST_VALIDATION_ERROR needs; errors on it are reported in any case
     */
    public Training(
            Kernels kernels,
            Workers workers,
            Network network,
            Samples train,
            Optional<Samples> validation,
            TrainingOptions options) {
        if (options.goal() instanceof Goal.LeastValidationError && validation.isEmpty()) {
            throw MorulaException.usage("stopping early takes validation samples, and there are none");
        }
        this.kernels = kernels;
        this.workers = workers;
        this.network = network;
        this.train = train;
        this.validation = validation;
        this.options = options;
        int batch = (int) Math.min(options.batch(), train.count());
        this.batches = new Batches(
                kernels, train, network.definition().input(), batch, options.augmentation(), options.seed());
        this.step = new TrainingStep(kernels, workers, network, options, batch);
        this.best = new BestWeights(network);
    }

    /** Whether the goal is reached, or the last epoch allowed is over. */
    public boolean isDone() {
        return epoch >= options.lastEpoch() || goalReached();
    }

    /** Trains for one more epoch. A loss that is not finite is a {@link MorulaException} that names epoch and step. */
    public EpochReport next(TrainingListener listener) {
        double factor = options.schedule().factor(epoch + 1, options.epochs());
        EpochReport trained = new Epoch(step, batches, listener)
                .run(epoch + 1, options.optimizer().rate() * factor);
        epoch++;
        evaluation = null;
        EpochReport report = validated(trained);
        reports.add(report);
        listener.epochDone(report);
        return report;
    }

    private EpochReport validated(EpochReport report) {
        if (validation.isEmpty()) {
            return report;
        }
        double error = Evaluator.evaluate(kernels, workers, network, validation.get(), options.loss())
                .error();
        if (options.goal() instanceof Goal.LeastValidationError) {
            best.offer(error, report.epoch());
        }
        return report.withValidationError(error);
    }

    private boolean goalReached() {
        Goal goal = options.goal();
        if (goal instanceof Goal.ZeroTrainError) {
            return epoch >= options.epochs() && trainEvaluation().wrong() == 0;
        } else if (goal instanceof Goal.LossAtMost most) {
            return !reports.isEmpty() && reports.get(reports.size() - 1).trainLoss() <= most.loss();
        } else if (goal instanceof Goal.LeastValidationError least) {
            return epoch - best.epoch() >= least.patience();
        }
        return epoch >= options.epochs();
    }

    /** The network as it is now, on the train set. */
    private Evaluation trainEvaluation() {
        if (evaluation == null) {
            evaluation = Evaluator.evaluate(kernels, workers, network, train, options.loss());
        }
        return evaluation;
    }

    /** Trains until the goal is reached or missed. */
    public TrainingResult run(TrainingListener listener) {
        while (!isDone()) {
            next(listener);
        }
        return result();
    }

    /** What came of it; where the goal was to stop early, the network becomes the best there was. */
    public TrainingResult result() {
        boolean reached = goalReached() || options.goal() instanceof Goal.LeastValidationError;
        if (best.restore()) {
            evaluation = null;
        }
        return new TrainingResult(reports, trainEvaluation(), reached);
    }

    /** Saves everything that {@link #restore} needs; {@code metadata} goes with it. After an epoch, not before the first. */
    public void save(Path file, Map<String, String> metadata) {
        Checkpoint.write(file, network, step.optimizer(), best, reports, metadata);
    }

    /** Goes on from what {@link #save} wrote, of the same network and options; before the first epoch. Returns its reports. */
    public List<EpochReport> restore(Path file) {
        reports.clear();
        reports.addAll(Checkpoint.read(file, network, step.optimizer(), best));
        epoch = reports.size();
        return List.copyOf(reports);
    }

    @Override
    public void close() {
        batches.close();
        step.close();
        best.close();
    }
}
