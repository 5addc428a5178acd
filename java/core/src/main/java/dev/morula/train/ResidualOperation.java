package dev.morula.train;

import dev.morula.kernel.Activation;
import dev.morula.kernel.LayerKernels;
import dev.morula.kernel.Matrix;

/** A residual block: the sum of what two ways make of the input, with the ReLU that follows it where one does. */
final class ResidualOperation implements Operation {
    private final Operation body;
    private final Operation shortcut;
    private final Activation fused;
    private final Site site;
    private final LayerKernels kernels;
    private final BatchMatrix outputs = new BatchMatrix();
    private final BatchMatrix sumGradients = new BatchMatrix();
    private final BatchMatrix inputGradients = new BatchMatrix();
    private Matrix out;

    /**
     * Takes over {@code body} and {@code shortcut}, which are closed with this.
     *
     * @param shortcut null if the input itself is added
     */
    ResidualOperation(Operation body, Operation shortcut, Activation fused, Site site) {
        this.body = body;
        this.shortcut = shortcut;
        this.fused = fused;
        this.site = site;
        this.kernels = site.kernels().layers();
    }

    @Override
    public Matrix forward(Matrix inp, Phase phase) {
        Matrix left = body.forward(inp, phase);
        Matrix right = shortcut == null ? inp : shortcut.forward(inp, phase);
        out = outputs.like(left);
        Ranges.forEach(
                site,
                left.rows() * left.columns(),
                1,
                (first, count, worker) -> kernels.add(out, left, right, fused, first, count));
        return out;
    }

    @Override
    public Matrix backward(Matrix dout, BackwardPass pass) {
        Matrix dsum = fused == Activation.RELU ? masked(dout, pass) : dout;
        Matrix left = body.backward(dsum, pass);
        Matrix right = shortcut == null ? dsum : shortcut.backward(dsum, pass);
        if (site.isFirst()) {
            return null;
        }
        Matrix dinp = inputGradients.like(left);
        pass.run(Ranges.tasks(
                site,
                left.rows() * left.columns(),
                1,
                (first, count, worker) -> kernels.add(dinp, left, right, Activation.IDENTITY, first, count)));
        return dinp;
    }

    private Matrix masked(Matrix dout, BackwardPass pass) {
        Matrix dsum = sumGradients.like(dout);
        pass.run(Ranges.tasks(
                site,
                dout.rows() * dout.columns(),
                1,
                (first, count, worker) -> kernels.reluBackward(dsum, dout, out, first, count)));
        return dsum;
    }

    @Override
    public void close() {
        body.close();
        if (shortcut != null) {
            shortcut.close();
        }
        outputs.close();
        sumGradients.close();
        inputGradients.close();
    }
}
