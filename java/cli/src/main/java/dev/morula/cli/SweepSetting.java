package dev.morula.cli;

import java.util.LinkedHashMap;
import java.util.Map;

/** Names what tells one kind of networks from another. */
final class SweepSetting {
    private SweepSetting() {}

    /** All that is asked for, by name, but the seed; width and depth where they are varied, that is, not null. */
    static Map<String, String> of(TrainingSettings training, String width, String depth) {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("width", width);
        settings.put("depth", depth);
        settings.put("weightDecay", OptimizerText.weightDecay(training.optimizer()));
        settings.put("init", training.initialisation());
        settings.put("labels", training.labels());
        settings.put("net", training.net());
        settings.put("data", training.data());
        settings.put("goal", training.options().goal().toString());
        settings.put("optimizer", OptimizerText.withoutWeightDecay(training.optimizer()));
        settings.put("schedule", training.schedule());
        settings.put("epochs", String.valueOf(training.epochs()));
        settings.put("maxEpochs", String.valueOf(training.maxEpochs()));
        settings.put("batch", String.valueOf(training.batch()));
        settings.put("loss", training.loss());
        settings.put("preparation", training.preparation());
        settings.put("augmentation", training.augmentation());
        settings.put("trainSize", String.valueOf(training.trainSize()));
        settings.put("validation", String.valueOf(training.validation()));
        settings.values().removeIf(value -> value == null);
        return settings;
    }
}
