package dev.morula.train;

import dev.morula.kernel.LayerKernels;
import dev.morula.kernel.LayerKernels.ResponseRule;
import dev.morula.kernel.Matrix;
import dev.morula.network.LocalResponseNorm;

/** Local response normalisation. */
final class LocalResponseNormOperation implements Operation {
    private final Site site;
    private final LayerKernels kernels;
    private final ResponseRule rule;
    private final BatchMatrix outputs = new BatchMatrix();
    private final BatchMatrix inputGradients = new BatchMatrix();
    private Matrix inp;

    LocalResponseNormOperation(LocalResponseNorm layer, Site site) {
        this.site = site;
        this.kernels = site.kernels().layers();
        this.rule = new ResponseRule(layer.size(), layer.alpha(), layer.beta(), layer.bias());
    }

    @Override
    public Matrix forward(Matrix batch, Phase phase) {
        inp = batch;
        Matrix out = outputs.like(batch);
        Ranges.forEach(
                site,
                batch.rows(),
                batch.columns(),
                (first, count, worker) -> kernels.localResponseNorm(out, batch, rule, first, count));
        return out;
    }

    @Override
    public Matrix backward(Matrix dout, BackwardPass pass) {
        if (site.isFirst()) {
            return null;
        }
        Matrix dinp = inputGradients.like(dout);
        pass.run(Ranges.tasks(site, dout.rows(), dout.columns(), (first, count, worker) -> {
            Matrix workspace = site.scratch().of(worker, 2 * dout.columns());
            kernels.localResponseNormBackward(dinp, workspace, dout, inp, rule, first, count);
        }));
        return dinp;
    }

    @Override
    public void close() {
        outputs.close();
        inputGradients.close();
    }
}
