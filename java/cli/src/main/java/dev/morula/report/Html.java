package dev.morula.report;

import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The little HTML that a report needs: escaping, and a template whose ${names} are filled in one pass. */
final class Html {
    private static final Pattern NAME = Pattern.compile("\\$\\{([a-z-]+)}");
    private static final Pattern SOURCE_MAP = Pattern.compile("(?m)^//# sourceMappingURL=.*$");

    private Html() {}

    /** Text from outside, fit for element content and for attribute values in quotes. */
    static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }

    /** JSON that a script element can hold: in JSON, "&lt;" stands only within strings, where it may be escaped. */
    static String scriptJson(String json) {
        return json.replace("<", "\\u003c");
    }

    /** A library that a script element can hold, without the link to a source map that is not there. */
    static String scriptLibrary(String source) {
        if (source.contains("</script") || source.contains("<!--")) {
            throw new IllegalStateException("a library that ends its own script element cannot be put into a page");
        }
        return SOURCE_MAP.matcher(source).replaceAll("");
    }

    /** The template with its names replaced; what is put in is not searched for names again. */
    static String fill(String template, Map<String, String> values) {
        return NAME.matcher(template).replaceAll(name -> Matcher.quoteReplacement(value(values, name)));
    }

    private static String value(Map<String, String> values, MatchResult name) {
        String value = values.get(name.group(1));
        if (value == null) {
            throw new IllegalStateException("the template asks for ${" + name.group(1) + "}, which nobody provides");
        }
        return value;
    }
}
