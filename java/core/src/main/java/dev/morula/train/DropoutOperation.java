package dev.morula.train;

import dev.morula.kernel.LayerKernels;
import dev.morula.kernel.LayerKernels.DropoutDraw;
import dev.morula.kernel.Matrix;
import dev.morula.network.Dropout;

/** Dropout, drawn anew for every batch that is trained on. */
final class DropoutOperation implements Operation {
    private final Site site;
    private final LayerKernels kernels;
    private final DropoutDraw draw;
    private final BatchMatrix outputs = new BatchMatrix();
    private final BatchMatrix inputGradients = new BatchMatrix();

    /**
     * Two of one seed drop the same numbers.
     *
     * @param step holds (I64) how many batches were trained on before the one that comes; null if none is
     */
    DropoutOperation(Dropout layer, Site site, long seed, Matrix step) {
        this.draw = new DropoutDraw(seed, step, layer.probability());
        this.site = site;
        this.kernels = site.kernels().layers();
    }

    @Override
    public Matrix forward(Matrix inp, Phase phase) {
        if (phase == Phase.EVALUATION) {
            return inp;
        }
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
        Matrix dinp = inputGradients.like(dout);
        pass.run(Ranges.tasks(
                site,
                dout.rows() * dout.columns(),
                1,
                (first, count, worker) -> kernels.dropout(dinp, dout, draw, first, count)));
        return dinp;
    }

    @Override
    public void close() {
        outputs.close();
        inputGradients.close();
    }
}
