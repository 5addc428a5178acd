package dev.morula.cli;

import dev.morula.MorulaException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A network with a placeholder for its width, W, and for its depth, L: pmnist:W, mlp:784-W-W, mlp-L{L}-H{W}. A letter that
 * stands beside others is a placeholder in braces alone.
 */
record NetPattern(String text) {
    private static final Pattern WIDTH = Pattern.compile("\\{W\\}|(?<![A-Za-z0-9])W(?![A-Za-z0-9{])");
    private static final Pattern DEPTH = Pattern.compile("\\{L\\}|(?<![A-Za-z0-9])L(?![A-Za-z0-9{])");

    boolean hasWidth() {
        return WIDTH.matcher(text).find();
    }

    boolean hasDepth() {
        return DEPTH.matcher(text).find();
    }

    /** The network of that width and depth; null for what it has no placeholder for. */
    String fill(String width, String depth) {
        require(hasWidth(), width, "W", "--widths");
        require(hasDepth(), depth, "L", "--depths");
        return fill(DEPTH, fill(WIDTH, text, width), depth);
    }

    private static String fill(Pattern placeholder, String text, String value) {
        return value == null ? text : placeholder.matcher(text).replaceAll(Matcher.quoteReplacement(value));
    }

    private void require(boolean has, String value, String letter, String option) {
        if (has && value == null) {
            throw MorulaException.usage("--net %s: %s is to be filled in, so %s is needed", text, letter, option);
        } else if (!has && value != null) {
            throw MorulaException.usage(
                    "--net %s: has no place for %s; write %s, or {%s} beside other letters, as in pmnist:W or mlp-L{L}-H128",
                    text, option, letter, letter);
        }
    }
}
