package dev.morula.cli;

import dev.morula.report.SettingsGroup;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The settings of a run, in groups, for its report. */
final class Settings {
    private static final TrainingSettings DEFAULTS = TrainingSettings.defaults("", "");

    private Settings() {}

    static List<SettingsGroup> of(ReportStage.Parts parts) {
        List<SettingsGroup> groups = new ArrayList<>();
        if (parts.run() != null) {
            groups.add(training(parts.run().training()));
        }
        if (parts.correlation() != null) {
            groups.add(correlation(parts.correlation()));
        }
        if (parts.clustering() != null) {
            groups.add(new SettingsGroup(
                    "Clustering",
                    Map.of(
                            "Method",
                            parts.clustering().method(),
                            "Smallest cluster",
                            parts.clustering().minSize() + " neurons")));
        }
        if (parts.run() != null) {
            groups.add(origin(parts.run()));
        }
        return groups;
    }

    private static SettingsGroup training(TrainingSummary training) {
        Map<String, String> values = new LinkedHashMap<>();
        values.put("Network", training.net());
        values.put("Data", training.data() + ", " + String.format("%,d", training.trainSize()) + " train samples");
        TrainingSettings settings = training.settings();
        if (!settings.labels().equals(DEFAULTS.labels())) {
            values.put("Labels", settings.labels());
        }
        values.put("Preparation", settings.preparation());
        if (!settings.augmentation().equals(DEFAULTS.augmentation())) {
            values.put("Augmentation", settings.augmentation());
        }
        values.put("Initial weights", settings.initialisation());
        values.put("Loss", settings.loss());
        values.put("Optimiser", training.optimizer());
        values.put("Schedule", training.schedule() + ", " + training.epochs() + " epochs");
        values.put("Batch", String.valueOf(training.batch()));
        values.put("Goal", training.goal().replace('-', ' ') + (training.goalReached() ? "" : " (missed)"));
        values.put("Seed", String.valueOf(training.seed()));
        return new SettingsGroup("Training", values);
    }

    private static SettingsGroup correlation(CorrelationSummary found) {
        Map<String, String> values = new LinkedHashMap<>();
        values.put("Input", String.join(", ", found.input()));
        values.put("Measure", (found.abs() ? "absolute " : "") + found.metric());
        values.put("Threshold", String.valueOf(found.threshold()));
        values.put("Pairs looked at", String.format("%,d", found.pairs()));
        values.put("Decided in float64", String.format("%,d", found.decidedInFloat64()));
        values.put("Decided in double-double", String.format("%,d", found.decidedInDoubleDouble()));
        values.put("Tier and threads", found.device() + ", " + found.tier() + ", " + found.threads() + " threads");
        values.put("Peak anonymous memory", ByteSize.format(found.peakAnonymousBytes()));
        return new SettingsGroup("Correlation", values);
    }

    private static SettingsGroup origin(RunSummary run) {
        Map<String, String> values = new LinkedHashMap<>();
        values.put("Command", "morula " + String.join(" ", run.arguments()));
        values.put("Version", run.version());
        values.put("Date", run.date());
        values.put(
                "Processor", run.machine().processors() + " x " + run.machine().processor());
        values.put("Memory", ByteSize.format(run.machine().memoryBytes()));
        values.put("System", run.machine().system());
        values.put("Java", run.machine().java());
        return new SettingsGroup("Origin", values);
    }
}
