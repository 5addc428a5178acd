package dev.morula.cli;

import dev.morula.MorulaException;
import dev.morula.data.OutputFile;
import dev.morula.train.EpochReport;
import dev.morula.train.Network;
import dev.morula.train.Training;
import dev.morula.train.Weights;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * What a run folder holds while its network is being trained: the settings, one line of metrics an epoch, and a checkpoint
 * from which a killed run goes on.
 */
final class TrainingJournal {
    /** A property that sets the least time between two checkpoints, so that short runs have some: for tests. */
    private static final String SECONDS = "morula.checkpointSeconds";

    /** Saving takes a fraction of a second for a large network, so this costs little and loses little. */
    private static final int USUAL_SECONDS = 10;

    /**
     * What decides the trained weights bit by bit, and the command line that began the run.
     *
     * @param samples the checksum of the samples that are trained on; null in journals of versions that had none
     */
    record Settings(
            List<String> arguments, TrainingSettings training, int keepEvery, int threads, String tier, Long samples) {}

    private final RunFolder folder;
    private final Settings settings;
    private final long secondsBetween = Integer.getInteger(SECONDS, USUAL_SECONDS);
    private long lastSaved = System.nanoTime();
    private int savedEpoch;

    private TrainingJournal(RunFolder folder, Settings settings) {
        this.folder = folder;
        this.settings = settings;
        List.of(folder.checkpoint(), folder.weights(), folder.run()).forEach(OutputFile::deleteUnfinished);
        sayWhatIsLeft();
    }

    /** A journal for a run that begins. */
    static TrainingJournal begin(
            RunFolder folder,
            List<String> arguments,
            TrainingSettings training,
            int keepEvery,
            long samples,
            Engine engine) {
        Settings settings = new Settings(
                arguments,
                training,
                keepEvery,
                engine.workers().count(),
                engine.kernels().tier().toString(),
                samples);
        delete(folder.checkpoint());
        delete(folder.metrics());
        OutputFile.deleteUnfinished(folder.training());
        Json.write(folder.training(), settings);
        return new TrainingJournal(folder, settings);
    }

    /** The journal of a run that was interrupted; the engine must be what it was, or weights would differ. */
    static TrainingJournal open(RunFolder folder, Engine engine) {
        Settings settings = settings(folder);
        String tier = engine.kernels().tier().toString();
        if (settings.threads() != engine.workers().count() || !settings.tier().equals(tier)) {
            throw MorulaException.usage(
                    "%s: was trained with %d threads in tier %s, not %d in %s, so it would go on differently; give "
                            + "--threads %d and MORULA_TIER=%s",
                    folder.path(),
                    settings.threads(),
                    settings.tier(),
                    engine.workers().count(),
                    tier,
                    settings.threads(),
                    settings.tier());
        }
        return new TrainingJournal(folder, settings);
    }

    /** The settings of a run that was interrupted. */
    static Settings settings(RunFolder folder) {
        if (Files.exists(folder.run())) {
            throw MorulaException.input("%s: this run is finished; there is nothing to take up", folder.path());
        } else if (!Files.exists(folder.training())) {
            throw MorulaException.input(
                    "%s: holds no training.json; morula train --out makes one when it begins", folder.path());
        }
        Settings settings = Json.read(folder.training(), Settings.class);
        if (settings.arguments() == null || settings.training() == null || settings.tier() == null) {
            throw MorulaException.input("%s: is not what morula train writes", folder.training());
        }
        return settings;
    }

    TrainingSettings settings() {
        return settings.training();
    }

    /** This journal, if the run began with samples of that checksum. */
    TrainingJournal requireSamples(long checksum) {
        if (settings.samples() != null && settings.samples() != checksum) {
            throw MorulaException.input(
                    "%s: the samples of %s are not those that the run began with; bring these back, or begin anew",
                    folder.path(), settings.training().data());
        }
        return this;
    }

    /** Lets {@code training}, which has not begun, go on after the last checkpoint, if there is one. */
    void restore(Training training) {
        List<EpochReport> reports = List.of();
        if (Files.exists(folder.checkpoint())) {
            reports = training.restore(folder.checkpoint());
            savedEpoch = reports.size();
            sayWhatIsLeft();
        }
        delete(folder.metrics());
        reports.forEach(this::addMetrics);
    }

    /** Writes the epoch's metrics, and now and then a checkpoint. */
    void epochDone(Training training, Network network, EpochReport report) {
        addMetrics(report);
        if (settings.keepEvery() > 0 && report.epoch() % settings.keepEvery() == 0) {
            Path file = folder.epoch(report.epoch());
            OutputFile.deleteUnfinished(file);
            Weights.write(file, network, Map.of("net", settings.training().net()));
        }
        if (System.nanoTime() - lastSaved >= TimeUnit.SECONDS.toNanos(secondsBetween)) {
            training.save(folder.checkpoint(), Map.of());
            savedEpoch = report.epoch();
            lastSaved = System.nanoTime();
            sayWhatIsLeft();
        }
    }

    private void sayWhatIsLeft() {
        Interruption.leaves(String.format(
                "morula train --resume %s goes on %s",
                folder.path(), savedEpoch == 0 ? "from the beginning" : "after epoch " + savedEpoch));
    }

    private void addMetrics(EpochReport report) {
        try {
            Files.writeString(
                    folder.metrics(), Json.line(report) + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw MorulaException.input("%s: cannot be written (%s)", folder.metrics(), e.getMessage());
        }
    }

    /** Adds to an error of training what is left of the run. */
    MorulaException explain(MorulaException error) {
        if (savedEpoch == 0) {
            return error;
        }
        return new MorulaException(
                error.kind(),
                error.getMessage() + "; " + folder.checkpoint() + " holds the network as it was after epoch "
                        + savedEpoch,
                error);
    }

    /** The run is complete, and its files are written: nothing is left to be taken up. */
    static void finish(RunFolder folder) {
        delete(folder.checkpoint());
        delete(folder.training());
        Interruption.leavesNothing();
    }

    /** Refuses a folder that holds an unfinished run, which would be lost. */
    static void requireNone(RunFolder folder) {
        if (Files.exists(folder.checkpoint())) {
            throw MorulaException.input(
                    "%s: holds a run that is not finished; go on with --resume %s, give another --out, or delete it first",
                    folder.path(), folder.path());
        }
    }

    private static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
