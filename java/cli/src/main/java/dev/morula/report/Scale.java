package dev.morula.report;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** How an axis is divided; charts.js knows them by their names in lower case. */
enum Scale {
    /** Equal steps, from 0. */
    ZERO,
    /** Equal steps over the values that there are. */
    LINEAR,
    /** Root of the value: spreads small values out and still shows 0. */
    SQRT,
    /** Equal factors; values of at most 0 cannot be shown. */
    LOG,
    /** Equal factors of 2, each value with a tick of its own. */
    DOUBLING,
    /** Whole numbers in equal steps. */
    COUNTED,
    /** Names, in the order of the rows. */
    NAMES;

    @JsonValue
    String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
