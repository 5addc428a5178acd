package dev.morula.correlate;

import java.util.Locale;

/**
 * What one stage of finding the edges did with the pairs that the stage before left open.
 *
 * @param stage its name
 * @param pairsIn pairs that came to it
 * @param pairsOut pairs that it left open for the next stage; it decided the others
 * @param seconds that it took; those of double-double are among those of float64
 */
public record StageReport(String stage, long pairsIn, long pairsOut, double seconds) {
    /** The same stage over the pairs of both. */
    public StageReport plus(StageReport other) {
        return new StageReport(stage, pairsIn + other.pairsIn, pairsOut + other.pairsOut, seconds + other.seconds);
    }

    /** The name of the stage that rules pairs out. */
    static String name(CorrelationPlan.Method method) {
        return method.name().toLowerCase(Locale.ROOT);
    }
}
