package dev.morula.cli;

import dev.morula.kernel.Stage.Unit;

/** Rates and times as people read them, to two or three digits. */
final class Quantities {
    private static final String[] BYTE_UNITS = {"B", "kB", "MB", "GB", "TB"};
    private static final double PLAIN_BELOW = 1e6;

    private Quantities() {}

    /** Such as "1.2 GB/s", "1.2e9 pairs/s" or "8,200 neurons/s". */
    static String rate(double perSecond, Unit unit) {
        return (unit == Unit.BYTES ? bytes(perSecond) : count(perSecond) + " " + unit) + "/s";
    }

    private static String bytes(double bytes) {
        int unit = 0;
        double value = bytes;
        for (; value >= 999.5 && unit < BYTE_UNITS.length - 1; unit++) {
            value /= 1000;
        }
        return String.format(value < 9.95 ? "%.1f %s" : "%.0f %s", value, BYTE_UNITS[unit]);
    }

    private static String count(double value) {
        if (value < 9.95) {
            return String.format("%.1f", value);
        }
        return value < PLAIN_BELOW
                ? String.format("%,.0f", value)
                : String.format("%.1e", value).replaceAll("e\\+0?", "e");
    }

    /** Such as "under 1 s", "14 s", "3 min 5 s" or "2 h 10 min". */
    static String time(double seconds) {
        long rounded = Math.round(seconds);
        if (rounded == 0) {
            return "under 1 s";
        } else if (rounded < 60) {
            return rounded + " s";
        } else if (rounded < 3600) {
            return rounded / 60 + " min " + rounded % 60 + " s";
        }
        return rounded / 3600 + " h " + rounded % 3600 / 60 + " min";
    }
}
