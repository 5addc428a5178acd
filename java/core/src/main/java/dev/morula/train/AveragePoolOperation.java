package dev.morula.train;

import dev.morula.kernel.LayerKernels;
import dev.morula.kernel.Matrix;
import dev.morula.kernel.PoolWindows;
import dev.morula.network.AveragePool;
import dev.morula.network.Shape;

/** Average pooling, over windows or over all of an image. */
final class AveragePoolOperation implements Operation {
    private final Site site;
    private final LayerKernels kernels;
    private final PoolWindows windows;
    private final BatchMatrix outputs = new BatchMatrix();
    private final BatchMatrix inputGradients = new BatchMatrix();

    AveragePoolOperation(AveragePool layer, Site site) {
        this(
                new PoolWindows(
                        site.input().channels(),
                        site.input().height(),
                        site.input().width(),
                        layer.window(),
                        layer.window(),
                        layer.stride(),
                        layer.padding()),
                site);
    }

    private AveragePoolOperation(PoolWindows windows, Site site) {
        this.site = site;
        this.kernels = site.kernels().layers();
        this.windows = windows;
    }

    /** The mean over all positions. */
    static AveragePoolOperation global(Site site) {
        Shape input = site.input();
        return new AveragePoolOperation(PoolWindows.whole(input.channels(), input.height(), input.width()), site);
    }

    @Override
    public Matrix forward(Matrix inp, Phase phase) {
        long samples = site.samples(inp.rows());
        Matrix out = outputs.of(samples * windows.windows(), windows.channels());
        Ranges.forEach(
                site,
                samples,
                site.input().size(),
                (first, count, worker) -> kernels.averagePool(out, inp, windows, first, count));
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
                (first, count, worker) -> kernels.averagePoolBackward(dinp, dout, windows, first, count)));
        return dinp;
    }

    @Override
    public void close() {
        outputs.close();
        inputGradients.close();
    }
}
