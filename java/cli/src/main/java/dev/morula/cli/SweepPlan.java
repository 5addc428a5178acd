package dev.morula.cli;

import dev.morula.MorulaException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The networks of a sweep, by kind: every combination of what the sweep varies. Variants come first, then what is varied by
 * lists, then what a width asks for; so a weight decay of a list holds for a variant too, and {@code --at-width} for all.
 *
 * @param cells kinds of networks, which differ in more than their seed
 */
record SweepPlan(List<Cell> cells) {

    /**
     * Networks that differ in their seed alone.
     *
     * @param settings what tells this kind from others, for people and for what compares kinds
     * @param width what stands for W, or null
     * @param runs one a seed
     */
    record Cell(Map<String, String> settings, String width, List<Planned> runs) {}

    /** A network that is to be trained in the folder of that name. */
    record Planned(String folder, TrainingSettings settings, String width) {}

    static SweepPlan of(SweepSettings sweep) {
        List<Draft> drafts = new ArrayList<>();
        sweep.training().options(); // refuses what cannot be, by the names that the user gave
        for (Variation variation : Variation.all(sweep)) {
            drafts.add(new Draft(variation, sweep));
        }
        Set<String> varied = varied(drafts);
        Set<String> folders = new HashSet<>();
        for (Draft draft : drafts) {
            draft.settings.keySet().retainAll(varied);
            for (Planned run : draft.runs) {
                run.settings().options();
                if (!folders.add(run.folder())) {
                    throw MorulaException.usage("two networks of the sweep would have the folder %s", run.folder());
                }
            }
        }
        return new SweepPlan(drafts.stream()
                .map(draft -> new Cell(draft.settings, draft.variation.width(), draft.runs))
                .toList());
    }

    List<Planned> runs() {
        return cells.stream().flatMap(cell -> cell.runs().stream()).toList();
    }

    /** Width and depth if there are any, and what not all have alike. */
    private static Set<String> varied(List<Draft> drafts) {
        Set<String> keys = new HashSet<>(List.of("width", "depth"));
        drafts.forEach(draft -> keys.addAll(draft.settings.keySet()));
        keys.removeIf(key -> !key.equals("width")
                && !key.equals("depth")
                && drafts.stream()
                                .map(draft -> String.valueOf(draft.settings.get(key)))
                                .distinct()
                                .count()
                        < 2);
        return keys;
    }

    /** What one combination has of each thing that is varied; null where nothing is. */
    private record Variation(
            String variant, String weightDecay, String initialisation, String labels, String depth, String width) {
        static List<Variation> all(SweepSettings sweep) {
            List<Variation> all = new ArrayList<>();
            List<String> variants = new ArrayList<>(sweep.variants().keySet());
            variants.add(0, null); // the networks as they are
            for (String variant : variants) {
                for (String weightDecay : orNull(sweep.weightDecays())) {
                    for (String initialisation : orNull(sweep.initialisations())) {
                        for (String labels : orNull(sweep.labels())) {
                            for (String depth : orNull(sweep.depths())) {
                                for (String width : orNull(sweep.widths())) {
                                    all.add(new Variation(variant, weightDecay, initialisation, labels, depth, width));
                                }
                            }
                        }
                    }
                }
            }
            return all;
        }

        private static List<String> orNull(List<String> values) {
            return values.isEmpty() ? Collections.singletonList(null) : values;
        }

        /** The networks' folders begin with it: W64-wd0.002-he. */
        String name() {
            List<String> parts = new ArrayList<>();
            add(parts, "W", width);
            add(parts, "L", depth);
            add(parts, "wd", weightDecay);
            add(parts, "", initialisation);
            add(parts, "", labels);
            add(parts, "", variant);
            return parts.stream().map(part -> part + "-").collect(Collectors.joining());
        }

        private static void add(List<String> parts, String prefix, String value) {
            if (value != null) {
                parts.add(prefix + value.replaceAll("[^A-Za-z0-9.-]", ""));
            }
        }

        /** The options of train that it has. */
        List<String> options() {
            List<String> words = new ArrayList<>();
            addOption(words, "--weight-decay", weightDecay);
            addOption(words, "--init", initialisation);
            addOption(words, "--labels", labels);
            return words;
        }

        private static void addOption(List<String> words, String option, String value) {
            if (value != null) {
                words.addAll(List.of(option, value));
            }
        }
    }

    /** A kind of networks with all its settings, of which those that tell it from others are kept in the end. */
    private static final class Draft {
        private final Variation variation;
        private final Map<String, String> settings;
        private final List<Planned> runs = new ArrayList<>();

        Draft(Variation variation, SweepSettings sweep) {
            this.variation = variation;
            SweepChange.Recipe common = new SweepChange.Recipe(sweep.training(), sweep.seeds());
            if (variation.variant() != null) {
                String where = "--variant " + variation.variant();
                common = common.with(where, sweep.variants().get(variation.variant()));
            }
            common = common.with("the sweep's lists", variation.options());
            this.settings = SweepSetting.of(common.settings(), variation.width(), variation.depth());
            SweepChange.Recipe recipe = atWidth(common, sweep);
            NetPattern net = new NetPattern(recipe.settings().net());
            TrainingSettings filled = TrainingArguments.changed(
                    recipe.settings(), List.of("--net", net.fill(variation.width(), variation.depth())));
            long first = sweep.training().seed();
            for (long seed = first; seed < first + recipe.seeds(); seed++) {
                TrainingSettings training = TrainingArguments.changed(filled, List.of("--seed", "" + seed));
                runs.add(new Planned(variation.name() + "s" + seed, training, variation.width()));
            }
        }

        private SweepChange.Recipe atWidth(SweepChange.Recipe common, SweepSettings sweep) {
            SweepChange.Recipe recipe = common;
            for (SweepSettings.AtWidth rule : sweep.atWidth()) {
                if (variation.width() != null && Double.parseDouble(variation.width()) >= rule.least()) {
                    recipe = recipe.with("--at-width " + rule.width(), rule.options());
                }
            }
            return recipe;
        }
    }
}
