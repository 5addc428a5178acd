package dev.morula.kernel;

import java.util.Locale;

/**
 * A long piece of work that reports its {@link Progress}.
 *
 * @param name as it is shown, such as "correlate"
 * @param unit what its progress is counted in
 */
public record Stage(String name, Unit unit) {
    /** What the progress of a stage is counted in; a rate of it is shown to the user. */
    public enum Unit {
        BYTES,
        NEURONS,
        PAIRS,
        IMAGES,
        RECORDS,
        CHUNKS,
        ENTRIES;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
