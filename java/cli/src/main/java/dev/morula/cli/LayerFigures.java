package dev.morula.cli;

import dev.morula.redundancy.Analysis.LayerAnalysis;
import dev.morula.redundancy.Features;
import dev.morula.redundancy.ReadOut;
import dev.morula.redundancy.depth.LayerDepth;
import dev.morula.redundancy.units.LayerUnits;
import dev.morula.redundancy.units.UnitOptions;

/** Measures one layer, wherever it comes from. */
final class LayerFigures {
    private final Engine engine;

    LayerFigures(Engine engine) {
        this.engine = engine;
    }

    /** As the paper looks at units, within the memory there is. */
    UnitOptions unitOptions() {
        UnitOptions paper = UnitOptions.DEFAULT;
        return new UnitOptions(paper.mostRows(), paper.resamples(), paper.mostCompressed(), engine.matrixBytes() / 2);
    }

    /** {@code test}, {@code readOut} and {@code predicted} (classes of train samples by the whole network) may be null. */
    LayerDepth depth(Features train, Features test, ReadOut readOut, int[] predicted) {
        return LayerDepth.of(train, test, readOut, predicted, engine.kernels(), engine.workers());
    }

    /**
     * All that is known of a layer.
     *
     * @param chunks null for layers that no read-out reads
     * @param depth null for projections of shortcuts
     */
    static LayerAnalysis of(Features train, ChunkStage.Found chunks, LayerUnits units, LayerDepth depth) {
        Double criticalWidth = chunks == null ? null : chunks.criticalWidth();
        return new LayerAnalysis(
                train.neurons(),
                train.samples(),
                units.dead(),
                units.constant(),
                chunks == null ? null : chunks.trainError(),
                chunks == null ? null : chunks.testError(),
                chunks == null ? null : chunks.chunks(),
                criticalWidth,
                criticalWidth == null ? null : train.neurons() / criticalWidth,
                units.similar(),
                units.compressability(),
                units.selectivity(),
                units.unselective(),
                depth == null ? null : (Double) depth.trainAccuracy(),
                depth == null ? null : depth.testAccuracy(),
                depth == null ? null : depth.cdnv(),
                depth == null ? null : depth.neuralCollapse());
    }
}
