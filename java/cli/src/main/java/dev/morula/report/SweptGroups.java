package dev.morula.report;

import dev.morula.redundancy.SweepSummary;
import dev.morula.redundancy.SweepSummary.Group;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The groups of a sweep by width and depth, and the names of what else tells them apart. */
final class SweptGroups {
    static final String WIDTH = "width";
    static final String DEPTH = "depth";
    private static final String LABELS = "labels";
    private static final String VARIANT = "variant";
    private static final Pattern NOISE = Pattern.compile("noise=([0-9.e-]+)");

    private final List<Group> groups;
    private final Set<String> varied = new LinkedHashSet<>();

    SweptGroups(SweepSummary summary) {
        this.groups = (summary.groups() == null ? List.<Group>of() : summary.groups())
                .stream()
                        .sorted(Comparator.comparingInt(Group::width)
                                .thenComparingDouble(group -> depth(group).orElse(0.0)))
                        .toList();
        for (Group group : groups) {
            varied.addAll(told(group).keySet());
        }
        List<String> latestFirst = new ArrayList<>(varied);
        Collections.reverse(latestFirst);
        latestFirst.stream().filter(key -> !isNeeded(key)).forEach(varied::remove);
    }

    /** Whether there are groups that nothing else of what is varied tells apart, width and depth among it. */
    private boolean isNeeded(String key) {
        Set<String> others = new LinkedHashSet<>(varied);
        others.remove(key);
        return count(varied) > count(others);
    }

    private long count(Set<String> keys) {
        return groups.stream()
                .map(group -> group.width()
                        + keys.stream().map(key -> "\n" + told(group).get(key)).collect(Collectors.joining()))
                .distinct()
                .count();
    }

    private static Map<String, String> settings(Group group) {
        return group.settings() == null ? Map.of() : group.settings();
    }

    /** What a group is told from others by; sweeps of old have no names. */
    private static Map<String, String> told(Group group) {
        return group.name() == null ? settings(group) : group.name();
    }

    /** Narrow groups first, of equal width the shallow ones. */
    List<Group> groups() {
        return groups;
    }

    /** What tells a group from those that differ from it in {@code axis} alone: "weight decay 0.002"; may be empty. */
    String variant(Group group, String axis) {
        return text(varied.stream().filter(key -> !key.equals(axis)), told(group));
    }

    /** "stopped, labels random": a variant is told by its name alone. */
    private static String text(Stream<String> keys, Map<String, String> settings) {
        return keys.filter(key -> settings.get(key) != null)
                .map(key -> key.equals(VARIANT) ? settings.get(key) : words(key) + " " + settings.get(key))
                .collect(Collectors.joining(", "));
    }

    /** "stopped, labels random" of settings, all of them but the width and in their order; may be empty. */
    static String text(Map<String, String> settings) {
        return text(settings.keySet().stream(), settings);
    }

    /** What the sweep's variants stand for, "stopped: weight decay 0.002, goal loss-at-most-0.04"; empty without any. */
    String variantMeanings() {
        return groups.stream()
                .filter(group -> told(group).containsKey(VARIANT))
                .map(group -> told(group).get(VARIANT) + ": "
                        + text(
                                settings(group).keySet().stream()
                                        .filter(key -> !told(group).containsKey(key)),
                                settings(group)))
                .distinct()
                .collect(Collectors.joining("; "));
    }

    /** What tells a group from all others: "W = 64, weight decay 0.002". */
    String name(Group group) {
        String variant = variant(group, WIDTH);
        return "W = " + Numbers.count(group.width()) + (variant.isEmpty() ? "" : ", " + variant);
    }

    /** The variants of groups that differ in {@code axis}, in the order of the groups. */
    List<String> variants(String axis) {
        return groups.stream().map(group -> variant(group, axis)).distinct().toList();
    }

    static Optional<Double> depth(Group group) {
        return number(settings(group).get(DEPTH));
    }

    /** Share of labels that were replaced at random: 0 as given, 1 where all are random. */
    static Optional<Double> noise(Group group) {
        String labels = settings(group).getOrDefault(LABELS, "as-given");
        Matcher amount = NOISE.matcher(labels);
        if (amount.find()) {
            return number(amount.group(1));
        }
        return Optional.of(labels.contains("random") ? 1.0 : 0.0);
    }

    /** As {@link #variant}, without the labels, and by the settings, since a variant may be one of labels. */
    String variantButNoise(Group group, String axis) {
        return text(
                settings(group).keySet().stream()
                        .filter(key -> !key.equals(axis) && !key.equals(LABELS) && differs(key)),
                settings(group));
    }

    private boolean differs(String key) {
        return groups.stream()
                        .map(group -> String.valueOf(settings(group).get(key)))
                        .distinct()
                        .count()
                > 1;
    }

    private static Optional<Double> number(String text) {
        try {
            return text == null ? Optional.empty() : Optional.of(Double.valueOf(text));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    /** "weightDecay" as "weight decay". */
    private static String words(String key) {
        return key.replaceAll("(?<=[a-z0-9])(?=[A-Z])", " ").toLowerCase(Locale.ROOT);
    }
}
