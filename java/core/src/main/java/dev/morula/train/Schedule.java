package dev.morula.train;

import dev.morula.MorulaException;
import java.util.Locale;

/** How the learning rate falls from epoch to epoch. */
public enum Schedule {
    /** Half a cosine wave, from the full rate to 0 after the last epoch (Loshchilov and Hutter, SGDR, 2017). */
    COSINE,
    CONSTANT;

    public static Schedule parse(String name) {
        for (Schedule schedule : values()) {
            if (schedule.toString().equals(name)) {
                return schedule;
            }
        }
        throw MorulaException.usage("schedule \"%s\": it must be cosine or constant", name);
    }

    /**
     * What the rate is multiplied by in epoch {@code epoch}, counted from 1, of {@code epochs}; never 0. Epochs beyond
     * the last one go on as that did.
     */
    double factor(int epoch, int epochs) {
        int done = Math.min(epoch, epochs) - 1;
        return this == CONSTANT ? 1 : (1 + StrictMath.cos(Math.PI * done / epochs)) / 2;
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
