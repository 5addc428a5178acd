package dev.morula.cli;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Sizes as options give them: a whole number of bytes, or with K, M, G or T of 1024, 1024^2 and so on. */
final class ByteSize implements ITypeConverter<Long> {
    // bin/morula reads the same form to set the heap.
    private static final Pattern FORM = Pattern.compile("([0-9]+)([KMGT]?)");
    private static final String UNITS = "KMGT";

    @Override
    public Long convert(String text) {
        Matcher matcher = FORM.matcher(text.toUpperCase(Locale.ROOT));
        if (!matcher.matches()) {
            throw new TypeConversionException("\"" + text + "\" is not a size: write for instance 8G or 512M");
        }
        try {
            long unit = matcher.group(2).isEmpty() ? 1 : 1024L << 10 * UNITS.indexOf(matcher.group(2));
            return Math.multiplyExact(Long.parseLong(matcher.group(1)), unit);
        } catch (ArithmeticException | NumberFormatException e) {
            throw new TypeConversionException("\"" + text + "\" is more than any machine has");
        }
    }

    /** {@code bytes} for people, in the largest unit that leaves a number of at least 1: "1.5 GiB". */
    static String format(long bytes) {
        int unit = Math.min(4, (63 - Long.numberOfLeadingZeros(Math.max(bytes, 1))) / 10);
        return unit == 0
                ? bytes + " B"
                : String.format(Locale.ROOT, "%.1f %siB", bytes / (double) (1L << 10 * unit), UNITS.charAt(unit - 1));
    }
}
