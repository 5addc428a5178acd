package dev.morula.redundancy.sweep;

import dev.morula.kernel.Matrix;
import dev.morula.redundancy.Analysis;
import dev.morula.redundancy.Analysis.ChunkAnalysis;
import dev.morula.redundancy.Analysis.LayerAnalysis;
import dev.morula.redundancy.SweepSummary.Run;
import java.util.List;

/**
 * One network of a group.
 *
 * @param analysis null if it was not analysed; so are the next two
 * @param testLogits samples x outputs, F32
 * @param chunkTestErrors share of random chunks that get a test sample wrong: sizes, as the analysis has them, x samples,
 *     F32
 */
public record SeedResult(Run run, Analysis analysis, Matrix testLogits, Matrix chunkTestErrors)
        implements AutoCloseable {
    /** The name of the layer that the read-out reads, beside those of the hidden layers "1", "2", ... */
    static final String LAST = "last";

    /** The layer that the read-out reads; null without an analysis. */
    LayerAnalysis lastLayer() {
        LayerAnalysis last = null;
        if (analysis != null) {
            for (LayerAnalysis layer : analysis.layers().values()) {
                last = layer;
            }
        }
        return last;
    }

    /** By size; none without an analysis. */
    List<ChunkAnalysis> chunks() {
        LayerAnalysis last = lastLayer();
        return last == null || last.chunks() == null ? List.of() : last.chunks();
    }

    @Override
    public void close() {
        if (testLogits != null) {
            testLogits.close();
        }
        if (chunkTestErrors != null) {
            chunkTestErrors.close();
        }
    }
}
