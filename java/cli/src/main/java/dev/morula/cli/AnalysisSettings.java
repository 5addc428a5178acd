package dev.morula.cli;

import dev.morula.MorulaException;
import java.util.List;

/**
 * What to measure, and how often.
 *
 * @param layers which of a run's layers
 * @param chunks random chunks of each size whose errors are measured
 * @param chunksR2 of them how many are regressed on; 0 leaves R^2 and residual correlations out
 * @param depthErrors train errors that a layer's nearest class centre may have to count as deep enough
 * @param seed of every random choice
 */
record AnalysisSettings(Layers layers, int chunks, int chunksR2, List<Double> depthErrors, long seed) {
    static final AnalysisSettings DEFAULT =
            new AnalysisSettings(Layers.LAST, 100, 40, List.of(0.01, 0.03, 0.05, 0.1), 1);

    /** The layers of a run that are analysed. */
    enum Layers {
        /** What the read-out reads. */
        LAST,
        /** Every hidden layer too, with what concerns the network as a whole. */
        ALL
    }

    AnalysisSettings {
        depthErrors = List.copyOf(depthErrors);
        if (chunks < 1) {
            throw MorulaException.usage("--chunks %d: at least 1 chunk of each size is needed", chunks);
        } else if (chunksR2 < 0) {
            throw MorulaException.usage("--chunks-r2 %d: it must be 0 chunks of each size or more", chunksR2);
        }
        for (double error : depthErrors) {
            if (!(error >= 0 && error < 1)) {
                throw MorulaException.usage("--depth-error %s: it must be an error from 0 to below 1", error);
            }
        }
    }
}
