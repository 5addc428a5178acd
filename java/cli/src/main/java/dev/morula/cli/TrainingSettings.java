package dev.morula.cli;

import com.fasterxml.jackson.annotation.JsonIgnore;
import dev.morula.MorulaException;
import dev.morula.data.DataSource;
import dev.morula.data.Labelling;
import dev.morula.prepare.Augmentation;
import dev.morula.prepare.Preparation;
import dev.morula.train.Goal;
import dev.morula.train.Initialisation;
import dev.morula.train.Loss;
import dev.morula.train.Optimizer;
import dev.morula.train.Schedule;
import dev.morula.train.TrainingOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * All that decides how a network is trained, in the forms that the options of {@code morula train} take: what run.json
 * keeps, and what a run is taken up again with.
 *
 * @param trainSize the most samples to train on
 * @param validation samples kept from the train set to stop early by, or 0
 * @param untilLoss the loss to train to; null if that is not the goal
 * @param patience epochs without a better validation error; null if that is not the goal
 * @param maxEpochs the last epoch allowed; null for what the schedule's length gives
 */
record TrainingSettings(
        String net,
        String data,
        int trainSize,
        int validation,
        String labels,
        String preparation,
        String augmentation,
        String initialisation,
        String loss,
        String optimizer,
        String schedule,
        int batch,
        int epochs,
        boolean untilZeroError,
        Double untilLoss,
        Integer patience,
        Integer maxEpochs,
        long seed) {

    /** What {@code morula train} takes where nothing else is asked for. */
    static TrainingSettings defaults(String net, String data) {
        return new TrainingSettings(
                net,
                data,
                Integer.MAX_VALUE,
                0,
                Labelling.AS_GIVEN.toString(),
                Preparation.DEFAULT.toString(),
                Augmentation.NONE.toString(),
                new Initialisation.PyTorch().toString(),
                new Loss.CrossEntropy(0).toString(),
                "sgd,lr=0.05,momentum=0.9,weight-decay=5e-4",
                Schedule.COSINE.toString(),
                128,
                20,
                false,
                null,
                null,
                null,
                1);
    }

    /** These settings, but to zero train error, with a schedule of so many epochs. */
    TrainingSettings untilZeroError(int schedule, long otherSeed) {
        return new TrainingSettings(
                net,
                data,
                trainSize,
                validation,
                labels,
                preparation,
                augmentation,
                initialisation,
                loss,
                optimizer,
                this.schedule,
                batch,
                schedule,
                true,
                null,
                null,
                null,
                otherSeed);
    }

    /** These settings, to the end of the schedule. */
    TrainingSettings withoutGoal() {
        return new TrainingSettings(
                net,
                data,
                trainSize,
                validation,
                labels,
                preparation,
                augmentation,
                initialisation,
                loss,
                optimizer,
                schedule,
                batch,
                epochs,
                false,
                null,
                null,
                null,
                seed);
    }

    /** The options of {@code morula train} that give these settings: the network, the data, and what is not the default. */
    List<String> arguments() {
        TrainingSettings defaults = defaults("", "");
        List<String> words = new ArrayList<>();
        add(words, "--net", net, "");
        add(words, "--data", data, "");
        add(words, "--train-size", trainSize, defaults.trainSize);
        add(words, "--validation", validation, defaults.validation);
        add(words, "--labels", labels, defaults.labels);
        add(words, "--prepare", preparation, defaults.preparation);
        add(words, "--augment", augmentation, defaults.augmentation);
        add(words, "--init", initialisation, defaults.initialisation);
        add(words, "--loss", loss, defaults.loss);
        add(words, "--optimizer", optimizer, defaults.optimizer);
        add(words, "--schedule", schedule, defaults.schedule);
        add(words, "--batch", batch, defaults.batch);
        add(words, "--epochs", epochs, defaults.epochs);
        if (untilZeroError) {
            words.add("--until-zero-error");
        }
        add(words, "--until-loss", untilLoss, null);
        add(words, "--patience", patience, null);
        add(words, "--max-epochs", maxEpochs, null);
        add(words, "--seed", seed, defaults.seed);
        return words;
    }

    private static void add(List<String> words, String option, Object value, Object otherwise) {
        if (!Objects.equals(value, otherwise)) {
            words.addAll(List.of(option, value.toString()));
        }
    }

    /** Refuses what cannot be, before anything is read or written. */
    @JsonIgnore
    TrainingOptions options() {
        if (trainSize < 1) {
            throw MorulaException.usage("--train-size %d: at least 1 sample is needed", trainSize);
        } else if (validation < 0) {
            throw MorulaException.usage("--validation %d: it must be 0 samples or more", validation);
        } else if (patience != null && validation == 0) {
            throw MorulaException.usage(
                    "--patience %d: stopping early takes --validation of at least 1 sample", patience);
        } else if (maxEpochs != null && !untilZeroError && untilLoss == null) {
            throw MorulaException.usage(
                    "--max-epochs %d: it is for --until-zero-error and --until-loss; without them --epochs is the last",
                    maxEpochs);
        }
        DataSource.parse(data);
        Labelling.parse(labels);
        Preparation.parse(preparation);
        Initialisation.parse(initialisation);
        TrainingOptions.Builder builder = TrainingOptions.builder()
                .optimizer(Optimizer.parse(optimizer))
                .schedule(Schedule.parse(schedule))
                .loss(Loss.parse(loss))
                .augmentation(Augmentation.parse(augmentation))
                .batch(batch)
                .epochs(epochs)
                .goal(goal())
                .seed(seed);
        if (maxEpochs != null) {
            builder.maxEpochs(maxEpochs);
        }
        return builder.build();
    }

    private Goal goal() {
        if ((untilZeroError ? 1 : 0) + (untilLoss != null ? 1 : 0) + (patience != null ? 1 : 0) > 1) {
            throw MorulaException.usage("--until-zero-error, --until-loss and --patience are three goals; give one");
        } else if (untilZeroError) {
            return new Goal.ZeroTrainError();
        } else if (untilLoss != null) {
            return new Goal.LossAtMost(untilLoss);
        }
        return patience != null ? new Goal.LeastValidationError(patience) : new Goal.ScheduleDone();
    }
}
