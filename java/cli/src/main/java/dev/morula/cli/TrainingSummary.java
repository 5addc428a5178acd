package dev.morula.cli;

import dev.morula.train.EpochReport;
import java.util.List;

/**
 * How a network was trained and what came of it, as run.json keeps it.
 *
 * @param net as {@code --net} takes it
 * @param data as {@code --data} takes it
 * @param trainSize images trained on
 * @param goal zero-train-error or schedule-done
 * @param pixelMean mean of the scaled pixels, subtracted from every input
 * @param pixelDeviation standard deviation of the scaled pixels, by which every input is divided
 * @param curve one entry an epoch
 * @param trainError share of the train images that the trained network gets wrong
 * @param testError share of the test images that it gets wrong
 */
record TrainingSummary(
        String net,
        String data,
        int trainSize,
        String optimizer,
        String schedule,
        int batch,
        int epochs,
        String goal,
        int maxEpochs,
        long seed,
        int threads,
        String tier,
        double pixelMean,
        double pixelDeviation,
        List<EpochReport> curve,
        double trainError,
        double testError,
        boolean goalReached,
        double seconds) {}
