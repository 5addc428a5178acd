package dev.morula.train;

import dev.morula.kernel.LayerKernels;
import dev.morula.kernel.Matrix;

/** A ReLU that stands by itself. */
final class ReluOperation implements Operation {
    private final Site site;
    private final LayerKernels kernels;
    private final BatchMatrix outputs = new BatchMatrix();
    private final BatchMatrix inputGradients = new BatchMatrix();
    private Matrix out;

    ReluOperation(Site site) {
        this.site = site;
        this.kernels = site.kernels().layers();
    }

    @Override
    public Matrix forward(Matrix inp, Phase phase) {
        out = outputs.like(inp);
        Ranges.forEach(
                site, inp.rows() * inp.columns(), 1, (first, count, worker) -> kernels.relu(out, inp, first, count));
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
                (first, count, worker) -> kernels.reluBackward(dinp, dout, out, first, count)));
        return dinp;
    }

    @Override
    public void close() {
        outputs.close();
        inputGradients.close();
    }
}
