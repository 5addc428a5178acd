package dev.morula.cli;

import dev.morula.MorulaException;
import dev.morula.kernel.Progress;
import dev.morula.kernel.Stage;
import dev.morula.prepare.Samples;
import dev.morula.train.EpochReport;
import dev.morula.train.Evaluator;
import dev.morula.train.Initialisation;
import dev.morula.train.Network;
import dev.morula.train.Training;
import dev.morula.train.TrainingListener;
import dev.morula.train.TrainingOptions;
import dev.morula.train.TrainingResult;
import dev.morula.train.Weights;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongFunction;

/** Trains a network, measures it and writes its weights; what is interrupted can be taken up again. */
final class TrainStage {
    private static final Stage TRAIN = new Stage("train", Stage.Unit.IMAGES);

    private final Engine engine;
    private final RunFolder folder;

    TrainStage(Engine engine, RunFolder folder) {
        this.engine = engine;
        this.folder = folder;
    }

    /** Trains from the beginning, as {@code arguments} asked for; the weights of every {@code keepEvery}-th epoch are kept, of none if that is 0. */
    TrainingSummary run(List<String> arguments, TrainingSettings settings, int keepEvery) {
        TrainingOptions options = settings.options();
        try (PreparedData data = new PreparedData(engine, settings);
                Network network = Network.initialise(
                        data.network(), Initialisation.parse(settings.initialisation()), settings.seed())) {
            return train(
                    settings,
                    options,
                    data,
                    network,
                    samples -> TrainingJournal.begin(folder, arguments, settings, keepEvery, samples, engine));
        }
    }

    /** Takes up what {@link #run} began, after the last epoch that was saved. */
    TrainingSummary resume() {
        TrainingJournal journal = TrainingJournal.open(folder, engine);
        TrainingSettings settings = journal.settings();
        try (PreparedData data = new PreparedData(engine, settings);
                Network network = Network.initialise(
                        data.network(), Initialisation.parse(settings.initialisation()), settings.seed())) {
            return train(settings, settings.options(), data, network, journal::requireSamples);
        }
    }

    /** What cannot be trained is refused before there is a journal, which {@code begin} makes for samples of a checksum. */
    private TrainingSummary train(
            TrainingSettings settings,
            TrainingOptions options,
            PreparedData data,
            Network network,
            LongFunction<TrainingJournal> begin) {
        Stopwatch stopwatch = new Stopwatch();
        Optional<Samples> validation = data.validation();
        try (Samples samples = data.train();
                Training training =
                        new Training(engine.kernels(), engine.workers(), network, samples, validation, options)) {
            TrainingJournal journal = begin.apply(samples.checksum());
            TrainingResult result = stopwatch.time("train", () -> train(training, network, journal, options, samples));
            double testError = testError(network, data, options);
            Weights.write(folder.weights(), network, Map.of("net", settings.net()));
            double seconds =
                    result.epochs().stream().mapToDouble(EpochReport::seconds).sum();
            return new TrainingSummary(
                    settings,
                    (int) samples.count(),
                    options.goal().toString(),
                    options.lastEpoch(),
                    engine.workers().count(),
                    engine.kernels().tier().toString(),
                    data.commonMean(),
                    data.commonDeviation(),
                    result.epochs(),
                    result.train().error(),
                    testError,
                    result.goalReached(),
                    Math.max(seconds, stopwatch.seconds().get("train")));
        } finally {
            validation.ifPresent(Samples::close);
        }
    }

    private TrainingResult train(
            Training training, Network network, TrainingJournal journal, TrainingOptions options, Samples samples) {
        journal.restore(training);
        TrainingListener listener = listener(engine.progress(), options, samples.count());
        while (!training.isDone()) {
            EpochReport report;
            try {
                report = training.next(listener);
            } catch (MorulaException e) {
                throw journal.explain(e);
            }
            journal.epochDone(training, network, report);
        }
        return training.result();
    }

    private double testError(Network network, PreparedData data, TrainingOptions options) {
        try (Samples test = data.test()) {
            return new Evaluator(engine.kernels(), engine.workers())
                    .evaluate(network, test, options.loss())
                    .error();
        }
    }

    private static TrainingListener listener(Progress progress, TrainingOptions options, long images) {
        return new TrainingListener() {
            @Override
            public void stepDone(int epoch, int step, int steps) {
                long ofThisEpoch = Math.min(images, (long) step * options.batch());
                int epochs = Math.max(options.epochs(), epoch);
                progress.report(TRAIN, (epoch - 1) * images + ofThisEpoch, epochs * images);
            }
        };
    }
}
