package dev.morula.correlate;

import dev.morula.kernel.Block;
import dev.morula.kernel.ElementType;
import dev.morula.kernel.Kernels;
import dev.morula.kernel.Matrix;
import dev.morula.kernel.Progress;
import dev.morula.kernel.Stage;
import dev.morula.kernel.Workers;
import dev.morula.standardise.StandardisedLayer;

/**
 * The whole matrix of correlations, for layers of which it fits the memory: what {@code numpy.corrcoef} gives, in float32,
 * within 1e-7 of the real correlations, 1 on the diagonal and NaN in rows and columns of neurons that have none.
 */
public final class CorrelationMatrix {
    private static final Stage STAGE = new Stage("matrix", Stage.Unit.PAIRS);
    private static final int BLOCK = 256; // rows and columns of a part of parallel work
    private static final long BYTES_PER_WORKER = 8L * BLOCK * BLOCK + 2L * BLOCK * 512 * Double.BYTES;

    private CorrelationMatrix() {}

    /** Bytes that {@link #of} takes with {@code workers} threads. */
    public static long bytes(long neurons, int workers) {
        return neurons * neurons * ElementType.F32.bytes() + workers * BYTES_PER_WORKER;
    }

    /** Correlates all neurons of {@code layer}: neurons x neurons, F32; the caller closes it. */
    public static Matrix of(StandardisedLayer layer, Kernels kernels, Workers workers, Progress progress) {
        long neurons = layer.neurons();
        long panels = (neurons + BLOCK - 1) / BLOCK;
        Matrix matrix = Matrix.allocate(ElementType.F32, neurons, neurons);
        try {
            workers.forEach(panels * panels, (part, worker) -> {
                if (part / panels <= part % panels) {
                    kernels.correlationBlock(matrix, layer.view(), block(part / panels, part % panels, neurons));
                }
                if (worker == 0) {
                    progress.report(STAGE, neurons * neurons / (panels * panels) * part, neurons * neurons);
                }
            });
            progress.report(STAGE, neurons * neurons, neurons * neurons);
            return matrix;
        } catch (RuntimeException | Error e) {
            matrix.close();
            throw e;
        }
    }

    private static Block block(long row, long column, long neurons) {
        long firstRow = row * BLOCK;
        long firstColumn = column * BLOCK;
        return new Block(
                firstRow, Math.min(BLOCK, neurons - firstRow), firstColumn, Math.min(BLOCK, neurons - firstColumn));
    }
}
