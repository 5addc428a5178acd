package dev.morula.redundancy.sweep;

import dev.morula.redundancy.SweepSummary.Interval;
import dev.morula.redundancy.SweepSummary.PowerLaw;

/** Errors of chunks by size, of each seed. */
final class ChunkCurves {
    private ChunkCurves() {}

    /** Null if one of the networks has none. */
    static ChunkCurves of(Kind kind) {
        return null;
    }

    Interval criticalWidth(long seed) {
        return null;
    }

    PowerLaw law(double criticalWidth, long seed) {
        return null;
    }
}
