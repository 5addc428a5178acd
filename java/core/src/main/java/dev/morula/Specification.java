package dev.morula;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * One line that describes a choice: a name, an argument after a colon where it takes one, then options after commas, such
 * as {@code sgd,lr=0.05,nesterov} or {@code exponential:0.95,warm-up=5}. An option has a value or is a flag, and is given
 * at most once. Whatever is wrong is an error of kind USAGE that shows the line, the part of it and what it must look like.
 */
public final class Specification {
    private static final char VALUE_FOLLOWS = '=';

    private final String subject;
    private final String text;
    private final String forms;
    private final String name;
    private final String argument;
    private final Map<String, String> options = new LinkedHashMap<>(); // by key; as they were given, such as lr=0.05

    private Specification(String subject, String text, String forms, String head, List<String> options) {
        this.subject = subject;
        this.text = text;
        this.forms = forms;
        this.name = head.substring(0, head.indexOf(':') < 0 ? head.length() : head.indexOf(':') + 1);
        this.argument = head.substring(name.length());
        for (String option : options) {
            if (this.options.put(keyOf(option), option) != null) {
                throw refusal("%s is given twice", keyOf(option));
            }
        }
    }

    /**
     * Takes apart {@code text}, which begins with a name.
     *
     * @param subject what is described, such as "optimizer"
     * @param forms what a description must look like
     */
    public static Specification parse(String subject, String text, String forms) {
        List<String> parts = List.of(text.split(",", -1));
        return new Specification(subject, text, forms, parts.get(0), parts.subList(1, parts.size()));
    }

    /**
     * Takes apart options that stand alone.
     *
     * @param text what errors show, of which {@code options} is all or the end
     */
    public static Specification parseOptions(String subject, String text, String options, String forms) {
        return new Specification(subject, text, forms, "", List.of(options.split(",", -1)));
    }

    private static String keyOf(String option) {
        int end = option.indexOf(VALUE_FOLLOWS);
        return end < 0 ? option : option.substring(0, end);
    }

    /** The name, with the colon if there is one. */
    public String name() {
        return name;
    }

    /** Refuses any option but {@code known}: {@code "lr="} takes a value, {@code "nesterov"} takes none. */
    public Specification with(String... known) {
        List<String> all = Arrays.asList(known);
        options.forEach((key, option) -> {
            boolean hasValue = option.length() > key.length();
            if (all.contains(hasValue ? key : key + VALUE_FOLLOWS)) {
                throw refusal(hasValue ? "\"%s\": %s takes no value" : "\"%s\": %s takes a value", option, key);
            } else if (!all.contains(hasValue ? key + VALUE_FOLLOWS : key)) {
                String list = all.isEmpty() ? "there are no options" : "the options are " + String.join(", ", all);
                throw refusal("\"%s\" is not known here; %s", key, list);
            }
        });
        return this;
    }

    /** Refuses options that contradict each other. */
    public Specification withoutBoth(String one, String other) {
        if (has(one) && has(other)) {
            throw refusal("%s and %s exclude each other", one, other);
        }
        return this;
    }

    /** Whether option {@code key} is there. */
    public boolean has(String key) {
        return options.containsKey(key);
    }

    /** The number after the colon. */
    public double argument() {
        return read(argument, argument, Double::valueOf, "number");
    }

    /** The whole numbers after the colon, with slashes between them. */
    public List<Integer> integers() {
        return Arrays.stream(argument.split("/", -1))
                .map(part -> read(part, part, Integer::valueOf, "whole number below 2^31"))
                .toList();
    }

    /** The number that option {@code key} gives, which must be there. */
    public double number(String key) {
        if (!has(key)) {
            throw refusal("%s is missing", key);
        }
        return number(key, Double.NaN);
    }

    /** The number that option {@code key} gives. */
    public double number(String key, double otherwise) {
        return value(key, otherwise, Double::valueOf, "number");
    }

    /** The whole number that option {@code key} gives, which must be at least {@code least}; {@code otherwise} need not. */
    public int integer(String key, int least, int otherwise) {
        int value = value(key, otherwise, Integer::valueOf, "whole number below 2^31");
        if (has(key) && value < least) {
            throw refusal("%s is %d, but must be at least %d", key, value, least);
        }
        return value;
    }

    /** The whole number that option {@code key} gives. */
    public long integer(String key, long otherwise) {
        return value(key, otherwise, Long::valueOf, "whole number below 2^63");
    }

    /** What option {@code key} gives, as it stands. */
    public String word(String key, String otherwise) {
        return value(key, otherwise, word -> word, "word");
    }

    private <T> T value(String key, T otherwise, Function<String, T> reader, String kind) {
        String option = options.get(key);
        return option == null ? otherwise : read(option, option.substring(key.length() + 1), reader, kind);
    }

    private <T> T read(String part, String value, Function<String, T> reader, String kind) {
        try {
            return reader.apply(value);
        } catch (NumberFormatException e) {
            throw refusal("\"%s\" is not a %s", part, kind);
        }
    }

    /** The error that nothing has this name. */
    public MorulaException unknown() {
        return refusal("\"%s\" is not known", name + argument);
    }

    /** The error that something is wrong, as {@link String#format} makes it of {@code problem}. */
    public MorulaException refusal(String problem, Object... values) {
        return MorulaException.usage(
                "%s \"%s\": %s; it must look like %s", subject, text, String.format(problem, values), forms);
    }
}
