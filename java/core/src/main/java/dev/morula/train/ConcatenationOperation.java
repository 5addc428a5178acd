package dev.morula.train;

import dev.morula.kernel.Activation;
import dev.morula.kernel.LayerKernels;
import dev.morula.kernel.Matrix;
import dev.morula.network.Shape;

/** The input's channels followed by those that a body makes of it. */
final class ConcatenationOperation implements Operation {
    private final Operation body;
    private final Site site;
    private final LayerKernels kernels;
    private final long kept;
    private final long added;
    private final BatchMatrix outputs = new BatchMatrix();
    private final BatchMatrix bodyGradients = new BatchMatrix();
    private final BatchMatrix inputGradients = new BatchMatrix();

    /** Takes over {@code body}, which is closed with this. */
    ConcatenationOperation(Operation body, Site site, Shape bodyOutput) {
        this.body = body;
        this.site = site;
        this.kernels = site.kernels().layers();
        this.kept = site.input().channels();
        this.added = bodyOutput.channels();
    }

    @Override
    public Matrix forward(Matrix inp, Phase phase) {
        Matrix more = body.forward(inp, phase);
        Matrix out = outputs.of(inp.rows(), kept + added);
        Ranges.forEach(site, inp.rows(), kept + added, (first, count, worker) -> {
            kernels.copyChannels(out, 0, inp, 0, kept, first, count);
            kernels.copyChannels(out, kept, more, 0, added, first, count);
        });
        return out;
    }

    @Override
    public Matrix backward(Matrix dout, BackwardPass pass) {
        Matrix dbody = bodyGradients.of(dout.rows(), added);
        pass.run(Ranges.tasks(
                site,
                dout.rows(),
                added,
                (first, count, worker) -> kernels.copyChannels(dbody, 0, dout, kept, added, first, count)));
        Matrix through = body.backward(dbody, pass);
        if (site.isFirst()) {
            return null;
        }
        Matrix dinp = inputGradients.of(dout.rows(), kept);
        pass.run(Ranges.tasks(site, dout.rows(), kept, (first, count, worker) -> {
            kernels.copyChannels(dinp, 0, dout, 0, kept, first, count);
            kernels.add(dinp, dinp, through, Activation.IDENTITY, first * kept, count * kept);
        }));
        return dinp;
    }

    @Override
    public void close() {
        body.close();
        outputs.close();
        bodyGradients.close();
        inputGradients.close();
    }
}
