package dev.morula.cli;

import java.util.List;

/**
 * What one stage of finding the edges did with the pairs that the stage before left open.
 *
 * @param stage its name
 * @param pairsIn pairs that came to it
 * @param pairsOut pairs that it left open for the next stage; it decided the others
 */
record DecidingStage(String stage, long pairsIn, long pairsOut) {

    /** The stages that found what {@code summary} tells of, in their order; every pair is decided by one of them. */
    static List<DecidingStage> of(CorrelationSummary summary) {
        long open = summary.survivors() - summary.decidedInFloat32();
        return List.of(
                new DecidingStage("low-precision", summary.pairs(), summary.survivors()),
                new DecidingStage("float32", summary.survivors(), open),
                new DecidingStage("float64", open, summary.decidedInDoubleDouble()),
                new DecidingStage("double-double", summary.decidedInDoubleDouble(), 0));
    }
}
