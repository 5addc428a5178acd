package dev.morula.train;

import dev.morula.kernel.LayerKernels;
import dev.morula.kernel.Matrix;
import dev.morula.kernel.PoolWindows;
import dev.morula.network.MaxPool;

/** Max pooling. */
final class MaxPoolOperation implements Operation {
    private final Site site;
    private final LayerKernels kernels;
    private final PoolWindows windows;
    private final BatchMatrix outputs = new BatchMatrix();
    private final BatchMatrix inputGradients = new BatchMatrix();
    private Matrix inp;
    private Matrix out;

    MaxPoolOperation(MaxPool layer, Site site) {
        this.site = site;
        this.kernels = site.kernels().layers();
        this.windows = new PoolWindows(
                site.input().channels(),
                site.input().height(),
                site.input().width(),
                layer.window(),
                layer.window(),
                layer.stride(),
                layer.padding());
    }

    @Override
    public Matrix forward(Matrix batch, Phase phase) {
        inp = batch;
        out = outputs.of(site.samples(inp.rows()) * windows.windows(), windows.channels());
        Ranges.forEach(
                site,
                site.samples(inp.rows()),
                site.input().size(),
                (first, count, worker) -> kernels.maxPool(out, inp, windows, first, count));
        return out;
    }

    @Override
    public Matrix backward(Matrix dout, BackwardPass pass) {
        if (site.isFirst()) {
            return null;
        }
        long samples = dout.rows() / windows.windows();
        Matrix dinp = inputGradients.of(samples * windows.positions(), windows.channels());
        pass.run(Ranges.tasks(
                site,
                samples,
                site.input().size(),
                (first, count, worker) -> kernels.maxPoolBackward(dinp, dout, inp, out, windows, first, count)));
        return dinp;
    }

    @Override
    public void close() {
        outputs.close();
        inputGradients.close();
    }
}
