package dev.morula.redundancy.sweep;

import dev.morula.redundancy.SweepSummary.Group;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** Finds groups of a sweep that differ in one setting alone, so that what they differ in is due to it. */
final class Kinds {
    private static final String VARIANT = "variant"; // its name says enough

    /** Two groups that differ in one setting alone. */
    record Pair(Group one, Group other) {}

    private Kinds() {}

    /** Groups that differ in the number {@code setting} alone, ascending; at least {@code least} in each series. */
    static List<List<Group>> series(List<Group> groups, String setting, int least) {
        Map<Map<String, String>, List<Group>> series = new LinkedHashMap<>();
        for (Group group : groups) {
            if (number(group, setting) != null) {
                series.computeIfAbsent(rest(group, setting), rest -> new ArrayList<>())
                        .add(group);
            }
        }
        series.values().forEach(members -> members.sort(Comparator.comparingDouble(group -> number(group, setting))));
        return series.values().stream()
                .filter(members -> members.size() >= least)
                .toList();
    }

    /** Pairs that differ in {@code setting} alone, whose values the two conditions hold for. */
    static List<Pair> pairs(List<Group> groups, String setting, Predicate<String> one, Predicate<String> other) {
        List<Pair> pairs = new ArrayList<>();
        for (Group first : groups) {
            for (Group second : groups) {
                String a = first.settings().get(setting);
                String b = second.settings().get(setting);
                if (a != null
                        && b != null
                        && one.test(a)
                        && other.test(b)
                        && rest(first, setting).equals(rest(second, setting))) {
                    pairs.add(new Pair(first, second));
                }
            }
        }
        return pairs;
    }

    private static Map<String, String> rest(Group group, String setting) {
        Map<String, String> rest = new LinkedHashMap<>(group.settings());
        rest.remove(setting);
        return rest;
    }

    /** The setting as a number; null if it is none. */
    static Double number(Group group, String setting) {
        String text = group.settings().get(setting);
        try {
            return text == null ? null : Double.valueOf(text);
        } catch (NumberFormatException e) {
            return null;
        }
    }

    /** What the group is called in evidence, such as "width 64, weight decay 0.002" or "width 64, stopped". */
    static String name(Group group) {
        return name(group, null);
    }

    /** The same without {@code setting}; may be empty. */
    static String name(Group group, String setting) {
        return group.name().entrySet().stream()
                .filter(entry -> !entry.getKey().equals(setting))
                .map(entry -> entry.getKey().equals(VARIANT)
                        ? entry.getValue()
                        : words(entry.getKey()) + " " + entry.getValue())
                .collect(Collectors.joining(", "));
    }

    /** "weightDecay" as "weight decay". */
    private static String words(String key) {
        return key.replaceAll("(?<=[a-z0-9])(?=[A-Z])", " ").toLowerCase(Locale.ROOT);
    }
}
