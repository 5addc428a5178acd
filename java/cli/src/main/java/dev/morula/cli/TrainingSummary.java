package dev.morula.cli;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.morula.train.EpochReport;
import java.util.List;

/**
 * How a network was trained and what came of it, as run.json keeps it. The main settings stand beside the results too.
 *
 * @param trainSize samples trained on
 * @param maxEpochs the last epoch that was allowed
 * @param pixelMean mean of the prepared numbers of the train set, where one was subtracted from all; else null
 * @param pixelDeviation their standard deviation, by which all were divided; else null
 * @param curve one entry an epoch
 * @param trainError share of the train samples that the trained network gets wrong
 * @param testError share of the test samples that it gets wrong
 * @param goalReached false if the last epoch allowed came first
 */
record TrainingSummary(
        TrainingSettings settings,
        int trainSize,
        String goal,
        int maxEpochs,
        int threads,
        String device,
        String tier,
        Double pixelMean,
        Double pixelDeviation,
        List<EpochReport> curve,
        double trainError,
        double testError,
        boolean goalReached,
        double seconds) {
    @JsonProperty
    String net() {
        return settings.net();
    }

    @JsonProperty
    String data() {
        return settings.data();
    }

    @JsonProperty
    String optimizer() {
        return settings.optimizer();
    }

    @JsonProperty
    String schedule() {
        return settings.schedule();
    }

    @JsonProperty
    int batch() {
        return settings.batch();
    }

    @JsonProperty
    int epochs() {
        return settings.epochs();
    }

    @JsonProperty
    long seed() {
        return settings.seed();
    }
}
