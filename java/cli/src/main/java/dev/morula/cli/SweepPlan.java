package dev.morula.cli;

import dev.morula.MorulaException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

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
     * @param settings what tells this kind from others, for what compares kinds
     * @param name the same in short, for people: what is varied by lists, and the variant for all else
     * @param width what stands for W, or null
     * @param runs one a seed
     */
    record Cell(Map<String, String> settings, Map<String, String> name, String width, List<Planned> runs) {}

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
                .map(draft -> new Cell(draft.settings, draft.name(), draft.variation.width(), draft.runs))
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

    /**
     * What one combination has of each thing that is varied.
     *
     * @param values by name; there are none of what is not varied
     */
    private record Variation(Map<String, String> values) {
        private static final String VARIANT = "variant";
        private static final String WEIGHT_DECAY = "weightDecay";
        private static final String INITIALISATION = "init";
        private static final String LABELS = "labels";
        private static final String DEPTH = "depth";
        private static final String WIDTH = "width";

        static List<Variation> all(SweepSettings sweep) {
            List<String> variants = new ArrayList<>(sweep.variants().keySet());
            variants.add(0, null); // the networks as they are
            List<Variation> all = List.of(new Variation(Map.of()));
            all = variants.size() == 1 ? all : crossed(all, VARIANT, variants);
            all = crossed(all, WEIGHT_DECAY, sweep.weightDecays());
            all = crossed(all, INITIALISATION, sweep.initialisations());
            all = crossed(all, LABELS, sweep.labels());
            all = crossed(all, DEPTH, sweep.depths());
            return crossed(all, WIDTH, sweep.widths());
        }

        /** Each of {@code all} with each of {@code values}; as they are if there are none. */
        private static List<Variation> crossed(List<Variation> all, String name, List<String> values) {
            if (values.isEmpty()) {
                return all;
            }
            List<Variation> crossed = new ArrayList<>();
            for (Variation variation : all) {
                for (String value : values) {
                    Map<String, String> with = new HashMap<>(variation.values);
                    with.put(name, value);
                    crossed.add(new Variation(with));
                }
            }
            return crossed;
        }

        String variant() {
            return values.get(VARIANT);
        }

        String depth() {
            return values.get(DEPTH);
        }

        String width() {
            return values.get(WIDTH);
        }

        /** The networks' folders begin with it: W64-wd0.002-he. */
        String name() {
            return part("W", WIDTH)
                    + part("L", DEPTH)
                    + part("wd", WEIGHT_DECAY)
                    + part("", INITIALISATION)
                    + part("", LABELS)
                    + part("", VARIANT);
        }

        private String part(String prefix, String name) {
            String value = values.get(name);
            return value == null ? "" : prefix + value.replaceAll("[^A-Za-z0-9.-]", "") + "-";
        }

        /** The options of train that it has. */
        List<String> options() {
            List<String> words = new ArrayList<>();
            addOption(words, "--weight-decay", WEIGHT_DECAY);
            addOption(words, "--init", INITIALISATION);
            addOption(words, "--labels", LABELS);
            return words;
        }

        private void addOption(List<String> words, String option, String name) {
            if (values.containsKey(name)) {
                words.addAll(List.of(option, values.get(name)));
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

        /** The settings themselves, where there are no variants. */
        Map<String, String> name() {
            if (!variation.values.containsKey(Variation.VARIANT)) {
                return settings;
            }
            Map<String, String> name = new LinkedHashMap<>();
            copy(name, List.of(Variation.WIDTH, Variation.DEPTH));
            name.put(Variation.VARIANT, Objects.requireNonNullElse(variation.variant(), SweepSettings.BASELINE));
            copy(name, List.of(Variation.WEIGHT_DECAY, Variation.INITIALISATION, Variation.LABELS));
            return name;
        }

        private void copy(Map<String, String> name, List<String> keys) {
            for (String key : keys) {
                if (variation.values.containsKey(key) && settings.containsKey(key)) {
                    name.put(key, settings.get(key));
                }
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
