package dev.morula.cli;

import dev.morula.MorulaException;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.stream.Collectors;

/** Takes apart and changes the text that {@code --optimizer} takes. */
final class OptimizerText {
    private static final String WEIGHT_DECAY = "weight-decay=";
    private static final String RATE = "lr=";

    private OptimizerText() {}

    static String withWeightDecay(String optimizer, String value) {
        return without(optimizer, WEIGHT_DECAY) + "," + WEIGHT_DECAY + number("--weight-decay", value);
    }

    static String withRate(String optimizer, String value) {
        return without(optimizer, RATE) + "," + RATE + number("--lr", value);
    }

    static String withoutWeightDecay(String optimizer) {
        return without(optimizer, WEIGHT_DECAY);
    }

    private static String without(String optimizer, String key) {
        return Arrays.stream(optimizer.split(","))
                .filter(part -> !part.startsWith(key))
                .collect(Collectors.joining(","));
    }

    /** As it was given; null where it was not. */
    static String weightDecay(String optimizer) {
        return Arrays.stream(optimizer.split(","))
                .filter(part -> part.startsWith(WEIGHT_DECAY))
                .map(part -> number("weight-decay", part.substring(WEIGHT_DECAY.length())))
                .findFirst()
                .orElse(null);
    }

    /** One text for one number: 2e-3 is 0.002. */
    static String number(String option, String value) {
        try {
            return new BigDecimal(value).stripTrailingZeros().toPlainString();
        } catch (NumberFormatException e) {
            throw MorulaException.usage("%s %s: it must be a number", option, value);
        }
    }
}
