package dev.morula.cli;

import dev.morula.data.DataSet;
import dev.morula.data.DataSource;
import dev.morula.data.Split;
import dev.morula.kernel.Progress;
import dev.morula.kernel.Stage;
import dev.morula.network.NetworkDefinition;
import dev.morula.network.Presets;
import dev.morula.train.Evaluator;
import dev.morula.train.Network;
import dev.morula.train.Trainer;
import dev.morula.train.TrainingListener;
import dev.morula.train.TrainingOptions;
import dev.morula.train.TrainingResult;
import dev.morula.train.Weights;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;

/** Trains a network, measures it and writes its weights. */
final class TrainStage {
    private static final Stage TRAIN = new Stage("train", Stage.Unit.IMAGES);

    private final Engine engine;

    TrainStage(Engine engine) {
        this.engine = engine;
    }

    /** Trains {@code net} (as {@code --net} takes it) on {@code data}, of which at most {@code trainSize} images. */
    TrainingSummary run(String net, DataSource data, int trainSize, TrainingOptions options, Path weights) {
        DataSet all = data.load(Split.TRAIN);
        DataSet train = all.first(Math.min(trainSize, all.count()));
        DataSet test = data.load(Split.TEST);
        NetworkDefinition definition = Presets.parse(net, train.shape(), train.classes());
        try (Network network = Network.initialise(definition, options.seed())) {
            TrainingResult result = new Trainer(engine.kernels(), engine.workers())
                    .train(network, train, options, listener(engine.progress(), options, train.count()));
            double testError = new Evaluator(engine.kernels(), engine.workers())
                    .evaluate(network, test, result.preparation())
                    .error();
            Weights.write(weights, network, Map.of("net", network.definition().toString()));
            return summary(network, data, train, options, result, testError);
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

    private TrainingSummary summary(
            Network network,
            DataSource data,
            DataSet train,
            TrainingOptions options,
            TrainingResult result,
            double testError) {
        return new TrainingSummary(
                network.definition().toString(),
                data.toString(),
                train.count(),
                options.optimizer().toString(),
                options.schedule().toString(),
                options.batch(),
                options.epochs(),
                options.goal().name().toLowerCase(Locale.ROOT).replace('_', '-'),
                options.maxEpochs(),
                options.seed(),
                engine.workers().count(),
                engine.kernels().tier().toString(),
                result.preparation().standardisation().means().get(0),
                result.preparation().standardisation().deviations().get(0),
                result.epochs(),
                result.train().error(),
                testError,
                result.goalReached(),
                result.seconds());
    }
}
