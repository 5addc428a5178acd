package dev.morula.cli;

import dev.morula.MorulaException;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** Options of a training that some networks of a sweep have instead of the common ones. */
final class SweepChange extends TrainingArguments {
    @Option(names = "--seeds", paramLabel = "N")
    private Integer seeds;

    @Option(names = "--lr", paramLabel = "X")
    private String rate;

    @Option(names = "--weight-decay", paramLabel = "X")
    private String weightDecay;

    /** What a group of networks is trained with, and how many seeds it has. */
    record Recipe(TrainingSettings settings, int seeds) {
        /** This recipe with what {@code options}, one text, has instead; {@code where} names it in errors. */
        Recipe with(String where, String options) {
            return with(where, List.of(options.strip().split("\\s+")));
        }

        Recipe with(String where, List<String> words) {
            try {
                SweepChange change = change(new SweepChange(), settings, words);
                return new Recipe(change.changed(), change.seeds == null ? seeds : change.seeds);
            } catch (ParameterException e) {
                throw MorulaException.usage("%s \"%s\": %s", where, String.join(" ", words), e.getMessage());
            }
        }
    }

    private TrainingSettings changed() {
        TrainingSettings settings = settings();
        String optimizer = settings.optimizer();
        optimizer = rate == null ? optimizer : OptimizerText.withRate(optimizer, rate);
        optimizer = weightDecay == null ? optimizer : OptimizerText.withWeightDecay(optimizer, weightDecay);
        return changed(settings, new ArrayList<>(List.of("--optimizer", optimizer)));
    }
}
