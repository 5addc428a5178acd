package dev.morula.cli;

import dev.morula.activations.Layout;
import java.util.Locale;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Layouts as {@code --layout} names them. */
final class LayoutName implements ITypeConverter<Layout> {
    @Override
    public Layout convert(String text) {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "samples-first" -> Layout.SAMPLES_FIRST;
            case "neurons-first" -> Layout.NEURONS_FIRST;
            default ->
                throw new TypeConversionException(
                        "\"" + text + "\" is no layout: it must be samples-first or neurons-first");
        };
    }
}
