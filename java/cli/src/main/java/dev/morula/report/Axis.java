package dev.morula.report;

/**
 * An axis of a chart.
 *
 * @param format of its numbers, as d3-format has it
 */
record Axis(String title, Scale scale, String format) {
    private static final String COUNTS = ",~f";
    private static final String PERCENT = ".3~p";
    private static final String PLAIN = ".3~g";

    /** Neurons of chunks or layers that double from one to the next. */
    static Axis doubling(String title) {
        return new Axis(title, Scale.DOUBLING, COUNTS);
    }

    static Axis counts(String title) {
        return new Axis(title, Scale.ZERO, COUNTS);
    }

    /** Whole numbers in equal steps, over those that there are. */
    static Axis counted(String title) {
        return new Axis(title, Scale.COUNTED, COUNTS);
    }

    static Axis names(String title) {
        return new Axis(title, Scale.NAMES, COUNTS);
    }

    static Axis percent(String title, Scale scale) {
        return new Axis(title, scale, PERCENT);
    }

    static Axis plain(String title, Scale scale) {
        return new Axis(title, scale, PLAIN);
    }
}
