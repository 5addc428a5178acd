package dev.morula;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;

/**
 * A setting as text: a word and, after commas, terms such as {@code seed=1} or {@code whitened}, each at most once. What is
 * not taken is refused by {@link #requireNoMore()}; every error is of kind USAGE and shows what the text must look like.
 */
public final class Specification {
    private final String what;
    private final String text;
    private final String form;
    private final String word;
    private final Map<String, String> terms = new LinkedHashMap<>();

    /**
     * Takes {@code text} apart.
     *
     * @param what what errors call it
     * @param form what it must look like
     */
    public Specification(String what, String text, String form) {
        this.what = what;
        this.text = text;
        this.form = form;
        String[] parts = text.split(",", -1);
        word = parts[0];
        for (int part = 1; part < parts.length; part++) {
            String[] keyAndValue = parts[part].split("=", 2);
            if (terms.put(keyAndValue[0], keyAndValue.length == 2 ? keyAndValue[1] : "") != null) {
                throw refusal(keyAndValue[0] + " is given twice");
            }
        }
    }

    /** What comes before the first comma. */
    public String word() {
        return word;
    }

    /** Takes the term {@code key}, which must be a whole number of at least {@code least} where it is given. */
    public int integer(String key, int least, int otherwise) {
        int value = take(key, otherwise, Integer::valueOf, "a whole number below 2^31");
        if (value < least) {
            throw refusal(key + " is " + value + ", but must be at least " + least);
        }
        return value;
    }

    /** Takes the term {@code key}, which must be a whole number where it is given. */
    public long integer(String key, long otherwise) {
        return take(key, otherwise, Long::valueOf, "a whole number below 2^63");
    }

    /** Takes the term {@code key}, which must be a number where it is given. */
    public double number(String key, double otherwise) {
        return take(key, otherwise, Double::valueOf, "a number");
    }

    /** Takes the term {@code key} as it stands. */
    public String term(String key, String otherwise) {
        return take(key, otherwise, value -> value, "a word");
    }

    /** Takes the term {@code key}, which has no value, and says whether it was given. */
    public boolean has(String key) {
        String value = terms.remove(key);
        if (value != null && !value.isEmpty()) {
            throw refusal(key + " takes no value, but has \"" + value + "\"");
        }
        return value != null;
    }

    /** Refuses terms that nobody took. */
    public void requireNoMore() {
        if (!terms.isEmpty()) {
            throw refusal("\"" + terms.keySet().iterator().next() + "\" is not known here");
        }
    }

    private <T> T take(String key, T otherwise, Function<String, T> read, String wanted) {
        String value = terms.remove(key);
        if (value == null) {
            return otherwise;
        }
        try {
            return read.apply(value);
        } catch (NumberFormatException e) {
            throw refusal(key + " is \"" + value + "\", which is not " + wanted);
        }
    }

    /** The error that says {@code problem} of this text. */
    public MorulaException refusal(String problem) {
        return MorulaException.usage("%s \"%s\": %s; it must look like %s", what, text, problem, form);
    }
}
