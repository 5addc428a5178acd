package dev.morula.data;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads the one Python literal that NumPy writes into an .npy header: a dictionary whose values are strings, True, False
 * and tuples of whole numbers. Anything else is an {@link IllegalArgumentException} that says where.
 */
final class PythonDictionary {
    private final String text;
    private int at;

    private PythonDictionary(String text) {
        this.text = text;
    }

    /** Values are {@link String}, {@link Boolean} or {@code List<Long>}. */
    static Map<String, Object> parse(String text) {
        PythonDictionary parser = new PythonDictionary(text);
        Map<String, Object> entries = parser.dictionary();
        parser.skipSpace();
        if (parser.at < text.length()) {
            throw parser.expected("nothing after the dictionary");
        }
        return entries;
    }

    private Map<String, Object> dictionary() {
        Map<String, Object> entries = new LinkedHashMap<>();
        require('{');
        while (!accept('}')) {
            String key = string();
            require(':');
            if (entries.put(key, value()) != null) {
                throw expected("each key once");
            }
            if (!accept(',')) {
                require('}');
                break;
            }
        }
        return entries;
    }

    private Object value() {
        skipSpace();
        if (accept("True")) {
            return true;
        } else if (accept("False")) {
            return false;
        }
        return peek() == '(' ? tuple() : string();
    }

    private String string() {
        skipSpace();
        char quote = peek();
        int end = quote == '\'' || quote == '"' ? text.indexOf(quote, at + 1) : -1;
        if (end < 0) {
            throw expected("a string");
        }
        String string = text.substring(at + 1, end);
        if (string.indexOf('\\') >= 0) {
            throw expected("a string without escapes");
        }
        at = end + 1;
        return string;
    }

    private List<Long> tuple() {
        List<Long> numbers = new ArrayList<>();
        require('(');
        while (!accept(')')) {
            numbers.add(number());
            if (!accept(',')) {
                require(')');
                if (numbers.size() == 1) {
                    throw expected("a comma, as in (3,)");
                }
                break;
            }
        }
        return numbers;
    }

    private long number() {
        skipSpace();
        int start = at;
        if (peek() == '-') {
            at++;
        }
        while (Character.digit(peek(), 10) >= 0) {
            at++;
        }
        try {
            return Long.parseLong(text, start, at, 10);
        } catch (NumberFormatException e) {
            at = start;
            throw expected("a whole number below 2^63");
        }
    }

    private boolean accept(char symbol) {
        skipSpace();
        boolean found = peek() == symbol;
        at += found ? 1 : 0;
        return found;
    }

    private boolean accept(String word) {
        boolean found = text.startsWith(word, at);
        at += found ? word.length() : 0;
        return found;
    }

    private void require(char symbol) {
        if (!accept(symbol)) {
            throw expected("'" + symbol + "'");
        }
    }

    /** The next character, or NUL at the end. */
    private char peek() {
        return at < text.length() ? text.charAt(at) : 0;
    }

    private void skipSpace() {
        while (peek() == ' ' || peek() == '\n') {
            at++;
        }
    }

    private IllegalArgumentException expected(String what) {
        return new IllegalArgumentException("at character " + at + " there should be " + what);
    }
}
