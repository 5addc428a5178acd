package dev.morula.train;

import dev.morula.MorulaException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * One line that describes a choice: its name, an argument after a colon where it takes one, then options, such as {@code
 * sgd,lr=0.05,nesterov} or {@code exponential:0.95,warm-up=5}. Whatever is wrong with it is an error that shows the line,
 * the part of it and what it must look like.
 */
final class Specification {
    private final String subject;
    private final String text;
    private final String forms;
    private final String name;
    private final String argument;
    private final Map<String, String> options = new LinkedHashMap<>(); // by key; as they were given, such as lr=0.05

    /**
     * Takes {@code text} apart.
     *
     * @param subject what is described, such as "optimizer"
     * @param forms what a description must look like
     */
    Specification(String subject, String text, String forms) {
        this.subject = subject;
        this.text = text;
        this.forms = forms;
        String[] parts = text.split(",", -1);
        int colon = parts[0].indexOf(':');
        name = parts[0].substring(0, colon < 0 ? parts[0].length() : colon + 1);
        argument = parts[0].substring(name.length());
        for (String part : List.of(parts).subList(1, parts.length)) {
            String key = part.split("=", 2)[0];
            if (options.put(key, part) != null) {
                throw refusal("%s is given twice", key);
            }
        }
    }

    /** The name, with the colon if there is one. */
    String name() {
        return name;
    }

    /** Refuses any option but {@code keys}. */
    Specification with(String... keys) {
        for (String key : options.keySet()) {
            if (!Arrays.asList(keys).contains(key)) {
                String known = keys.length == 0 ? "no options" : String.join(", ", keys);
                throw refusal("\"%s\" is not known; %s has %s", key, name, known);
            }
        }
        return this;
    }

    /** The number after the colon. */
    double argument() {
        return read(argument, argument, Double::valueOf, "number");
    }

    /** The integers after the colon, with slashes between them. */
    List<Integer> integers() {
        return Arrays.stream(argument.split("/", -1))
                .map(part -> read(part, part, Integer::valueOf, "whole number"))
                .toList();
    }

    /** The number that option {@code key} gives, which must be there. */
    double number(String key) {
        if (!options.containsKey(key)) {
            throw misshapen("%s is missing", key);
        }
        return number(key, Double.NaN);
    }

    /** The number that option {@code key} gives. */
    double number(String key, double otherwise) {
        return value(key, otherwise, Double::valueOf, "number");
    }

    /** The integer that option {@code key} gives. */
    int integer(String key, int otherwise) {
        return value(key, otherwise, Integer::valueOf, "whole number");
    }

    /** Whether option {@code key}, which has no value, is there. */
    boolean flag(String key) {
        String part = options.get(key);
        if (part != null && !part.equals(key)) {
            throw refusal("\"%s\": %s has no value", part, key);
        }
        return part != null;
    }

    /** The error that nothing has this name. */
    MorulaException unknown() {
        return misshapen("\"%s\" is not known", name + argument);
    }

    private <T> T value(String key, T otherwise, Function<String, T> reader, String kind) {
        String part = options.get(key);
        return part == null ? otherwise : read(part, part.substring(part.indexOf('=') + 1), reader, kind);
    }

    private <T> T read(String part, String value, Function<String, T> reader, String kind) {
        try {
            return reader.apply(value);
        } catch (NumberFormatException e) {
            throw misshapen("\"%s\" is not a %s", part, kind);
        }
    }

    private MorulaException misshapen(String reason, Object... values) {
        return refusal("%s; it must look like %s", String.format(reason, values), forms);
    }

    private MorulaException refusal(String reason, Object... values) {
        return MorulaException.usage("%s \"%s\": %s", subject, text, String.format(reason, values));
    }
}
