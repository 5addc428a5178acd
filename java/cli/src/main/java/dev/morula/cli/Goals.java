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
        err.printf(
                "morula: %s was not reached in %d epochs: %d of %,d train samples are still wrong; allow more with "
                        + "--epochs or --max-epochs%n",
                training.goal().replace('-', ' '),
                training.curve().size(),
                Math.round(training.trainError() * training.trainSize()),
                training.trainSize());
        err.flush();
        return Kind.GOAL_MISSED.exitCode();
    }
}
