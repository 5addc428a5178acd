package dev.morula.report;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Locale;

/** Numbers as people read them: 4,096; 70.5%; 0.074%; 12.3 s. */
final class Numbers {
    private Numbers() {}

    static String count(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    /** "1 cluster", "212 clusters". */
    static String count(long number, String noun) {
        return count(number) + " " + noun + (number == 1 ? "" : "s");
    }

    /**
     * A fraction as a percentage with three significant digits, at most two decimals from 1% on. It reads 0% or 100%
     * only where that is exact.
     */
    static String percent(double fraction) {
        if (Double.isNaN(fraction)) {
            return "unknown";
        }
        double percent = 100 * fraction;
        if (percent == 0 || percent == 100) {
            return percent == 0 ? "0%" : "100%";
        }
        if (percent < 0.0001) {
            return "under 0.0001%";
        }
        if (percent > 99.9) {
            return "over 99.9%";
        }
        int decimals = percent >= 10 ? 1 : (int) Math.max(2, 1 - Math.floor(Math.log10(percent)));
        return String.format(Locale.ROOT, "%." + decimals + "f%%", percent);
    }

    /** As many decimals as the value needs: 0.9, 0.95, 1. */
    static String plain(double value) {
        return value == Math.rint(value) ? String.format(Locale.ROOT, "%.0f", value) : Double.toString(value);
    }

    static String correlation(double value) {
        return Double.isNaN(value) ? "unknown" : String.format(Locale.ROOT, "%.3f", value);
    }

    /** "0.04 s", "12.3 s", "3 min 20 s", "2 h 05 min". */
    static String seconds(double seconds) {
        if (seconds < 10) {
            return String.format(Locale.ROOT, "%.2f s", seconds);
        }
        if (seconds < 99.95) {
            return String.format(Locale.ROOT, "%.1f s", seconds);
        }
        long whole = Math.round(seconds);
        return whole < 3600
                ? String.format(Locale.ROOT, "%d min %02d s", whole / 60, whole % 60)
                : String.format(Locale.ROOT, "%,d h %02d min", whole / 3600, whole % 3600 / 60);
    }

    /** Three significant digits, or "none": 0.0531, 15.7, 1,024, −0.47, 2.3e-06. */
    static String value(Double value) {
        if (value == null || !Double.isFinite(value)) {
            return "none";
        }
        return value < 0 ? "−" + size(-value) : size(value);
    }

    private static String size(double value) {
        if (value >= 999.5) {
            return count(Math.round(value));
        }
        if (value != 0 && value < 1e-4) {
            return String.format(Locale.ROOT, "%.1e", value);
        }
        BigDecimal rounded = BigDecimal.valueOf(value).round(new MathContext(3));
        return rounded.signum() == 0 ? "0" : rounded.stripTrailingZeros().toPlainString();
    }

    /** A fraction that somebody chose, as a percentage without trailing zeros: 0.5%, 3%. */
    static String round(double fraction) {
        return value(100 * fraction) + "%";
    }

    /** A fraction as a percentage, or "none". */
    static String share(Double fraction) {
        return fraction == null || !Double.isFinite(fraction) ? "none" : percent(fraction);
    }
}
