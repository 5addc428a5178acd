package dev.morula.train;

import dev.morula.kernel.LayerKernels;
import dev.morula.kernel.LayerKernels.DropoutDraw;
import dev.morula.kernel.Matrix;
import dev.morula.network.Dropout;
import java.util.function.LongSupplier;

/** Dropout, drawn anew for every batch that is trained on. */
final class DropoutOperation implements Operation {
    private final double probability;
    private final Site site;
    private final LayerKernels kernels;
    private final long seed;
    private final BatchMatrix outputs = new BatchMatrix();
    private final BatchMatrix inputGradients = new BatchMatrix();
    private final LongSupplier steps;
    private long step;

    /**
     * Two of one seed drop the same numbers.
     *
     * @param steps says how many batches were trained on before the one that comes
     */
    DropoutOperation(Dropout layer, Site site, long seed, LongSupplier steps) {
        this.probability = layer.probability();
        this.site = site;
        this.kernels = site.kernels().layers();
        this.seed = seed;
        this.steps = steps;
    }

    @Override
    public Matrix forward(Matrix inp, Phase phase) {
        if (phase == Phase.EVALUATION) {
            return inp;
        }
        step = steps.getAsLong();
        DropoutDraw draw = draw();
        Matrix out = outputs.like(inp);
        Ranges.forEach(
                site,
                inp.rows() * inp.columns(),
                1,
                (first, count, worker) -> kernels.dropout(out, inp, draw, first, count));
        return out;
    }

    @Override
    public Matrix backward(Matrix dout, BackwardPass pass) {
        if (site.isFirst()) {
            return null;
        }
        DropoutDraw draw = draw();
        Matrix dinp = inputGradients.like(dout);
        pass.run(Ranges.tasks(
                site,
                dout.rows() * dout.columns(),
                1,
                (first, count, worker) -> kernels.dropout(dinp, dout, draw, first, count)));
        return dinp;
    }

    private DropoutDraw draw() {
        return new DropoutDraw(seed, step, probability);
    }

    @Override
    public void close() {
        outputs.close();
        inputGradients.close();
    }
}
