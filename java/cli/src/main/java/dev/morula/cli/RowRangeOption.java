package dev.morula.cli;

import dev.morula.correlate.RowRange;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Rows as {@code --rows} gives them: {@code first:end}. */
final class RowRangeOption implements ITypeConverter<RowRange> {
    private static final Pattern FORM = Pattern.compile("([0-9]{1,10}):([0-9]{1,10})");

    @Override
    public RowRange convert(String text) {
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            throw new TypeConversionException("\"" + text
                    + "\" is no range of rows: write FIRST:END, such as 0:1000 for the first thousand neurons");
        }
        long first = Long.parseLong(matcher.group(1));
        long end = Long.parseLong(matcher.group(2));
        if (first >= end || end > Integer.MAX_VALUE) {
            throw new TypeConversionException("\"" + text
                    + "\" has no rows: FIRST:END goes from FIRST up to but without END, which must be more");
        }
        return new RowRange((int) first, (int) end);
    }
}
