package dev.morula.cli;

import dev.morula.MorulaException;
import dev.morula.Version;
import java.nio.file.Files;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;

/**
 * A run's run.json: enough to repeat it.
 *
 * @param command train or demo
 * @param arguments the command line that began the run, without the program's name
 * @param date when training ended, in UTC
 * @param correlation what correlating gave; null if the command did not do that
 * @param clusters what clustering gave; null if the command did not do that
 * @param seconds wall-clock seconds by stage, in the order of the flow
 */
record RunSummary(
        String version,
        String command,
        List<String> arguments,
        String date,
        Machine machine,
        TrainingSummary training,
        CorrelationSummary correlation,
        ClusterSummary clusters,
        Map<String, Double> seconds) {

    static RunSummary of(String command, List<String> arguments, TrainingSummary training) {
        String now = Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
        return new RunSummary(
                Version.current(),
                command,
                arguments,
                now,
                Machine.here(),
                training,
                null,
                null,
                Map.of("train", training.seconds()));
    }

    RunSummary with(CorrelationSummary correlated, ClusterSummary clustered) {
        return new RunSummary(version, command, arguments, date, machine, training, correlated, clustered, seconds);
    }

    RunSummary withSeconds(Map<String, Double> byStage) {
        return new RunSummary(version, command, arguments, date, machine, training, correlation, clusters, byStage);
    }

    /** The run in {@code folder}, whose training must have been written. */
    static RunSummary read(RunFolder folder) {
        if (!Files.exists(folder.run())) {
            throw MorulaException.input("%s: holds no run.json; morula train --out makes one", folder.path());
        }
        return Json.read(folder.run(), RunSummary.class);
    }

    /** Refuses a folder that holds a run of another command, so that nothing is lost. */
    static void requireFree(RunFolder folder, String command) {
        if (Files.exists(folder.run())
                && !(command.equals("demo") && read(folder).command.equals("demo"))) {
            throw MorulaException.input(
                    "%s: holds a run already; give another --out, or delete it first", folder.path());
        }
    }
}
