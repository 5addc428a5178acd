package dev.morula.cli;

import dev.morula.MorulaException.Kind;
import java.io.PrintWriter;

/** Says so when training missed its goal; the results are written all the same. */
final class Goals {
    private Goals() {}

    static int exitCode(TrainingSummary training, PrintWriter err) {
        if (training.goalReached()) {
            return 0;
        }
        int epochs = training.curve().size();
        err.printf("morula: %s; allow more with --epochs or --max-epochs%n", missed(training, epochs));
        err.flush();
        return Kind.GOAL_MISSED.exitCode();
    }

    private static String missed(TrainingSummary training, int epochs) {
        Double loss = training.settings().untilLoss();
        if (loss != null) {
            double last = training.curve().get(epochs - 1).trainLoss();
            return String.format("a loss of at most %s was not reached in %d epochs: it is %.4g", loss, epochs, last);
        }
        return String.format(
                "zero train error was not reached in %d epochs: %d of %,d train samples are still wrong",
                epochs, Math.round(training.trainError() * training.trainSize()), training.trainSize());
    }
}
