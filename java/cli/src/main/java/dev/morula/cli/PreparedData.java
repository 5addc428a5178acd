package dev.morula.cli;

import dev.morula.MorulaException;
import dev.morula.data.DataSet;
import dev.morula.data.DataSource;
import dev.morula.data.Labelling;
import dev.morula.data.Split;
import dev.morula.network.NetworkDefinition;
import dev.morula.network.Presets;
import dev.morula.prepare.FittedPreparation;
import dev.morula.prepare.Preparation;
import dev.morula.prepare.Samples;
import dev.morula.prepare.Standardisation.Scope;
import dev.morula.train.Loss;
import java.util.Optional;

/** The data of a run, prepared as its settings say, and the network that they describe. */
final class PreparedData implements AutoCloseable {
    private final Engine engine;
    private final TrainingSettings settings;
    private final DataSource source;
    private final Labelling labelling;
    private final DataSet all;
    private final int trained;
    private final FittedPreparation preparation;
    private final NetworkDefinition network;

    PreparedData(Engine engine, TrainingSettings settings) {
        this.engine = engine;
        this.settings = settings;
        this.source = DataSource.parse(settings.data());
        this.labelling = Labelling.parse(settings.labels());
        this.all = labelling.apply(source.load(Split.TRAIN), Split.TRAIN);
        this.trained = Math.min(settings.trainSize(), all.count() - settings.validation());
        if (trained < 1) {
            throw MorulaException.usage(
                    "--validation %d: leaves none of the %d train samples of %s to train on",
                    settings.validation(), all.count(), settings.data());
        }
        this.preparation =
                Preparation.parse(settings.preparation()).fit(all.first(trained), engine.kernels(), engine.workers());
        try {
            int outputs = Loss.parse(settings.loss()).outputs(all.classes());
            this.network = Presets.parse(settings.net(), preparation.output(), outputs);
        } catch (RuntimeException e) {
            preparation.close();
            throw e;
        }
    }

    NetworkDefinition network() {
        return network;
    }

    int classes() {
        return all.classes();
    }

    /** What is subtracted from every number; null if that depends on the channel or the image, or is nothing. */
    Double commonMean() {
        return preparation.preparation().scope() == Scope.SET
                ? preparation.standardisation().means().get(0)
                : null;
    }

    /** What every number is divided by; null where {@link #commonMean} is. */
    Double commonDeviation() {
        return preparation.preparation().scope() == Scope.SET
                ? preparation.standardisation().deviations().get(0)
                : null;
    }

    /** The samples that are trained on. */
    Samples train() {
        return samples(all.first(trained));
    }

    /** The last samples of the train set, which are not trained on, where there are to be any. */
    Optional<Samples> validation() {
        return settings.validation() == 0 ? Optional.empty() : Optional.of(samples(all.last(settings.validation())));
    }

    Samples test() {
        return samples(labelling.apply(source.load(Split.TEST), Split.TEST));
    }

    private Samples samples(DataSet data) {
        return Samples.of(data, preparation, network, engine.kernels(), engine.workers());
    }

    @Override
    public void close() {
        preparation.close();
    }
}
