package dev.morula.train;

import dev.morula.kernel.LayerKernels;
import dev.morula.kernel.Matrix;
import dev.morula.network.Shape;

/** Images as rows of features, channel by channel. */
final class FlattenOperation implements Operation {
    private final Site site;
    private final LayerKernels kernels;
    private final long positions;
    private final long channels;
    private final BatchMatrix outputs = new BatchMatrix();
    private final BatchMatrix inputGradients = new BatchMatrix();

    FlattenOperation(Site site) {
        Shape input = site.input();
        this.site = site;
        this.kernels = site.kernels().layers();
        this.positions = input.positions();
        this.channels = input.channels();
    }

    @Override
    public Matrix forward(Matrix inp, Phase phase) {
        long samples = site.samples(inp.rows());
        if (isInOrder()) {
            return inp.reshape(samples, positions * channels);
        }
        Matrix out = outputs.of(samples, positions * channels);
        Ranges.forEach(
                site,
                samples,
                positions * channels,
                (first, count, worker) -> kernels.transposeSamples(out, inp, positions, channels, first, count));
        return out;
    }

    @Override
    public Matrix backward(Matrix dout, BackwardPass pass) {
        if (site.isFirst()) {
            return null;
        } else if (isInOrder()) {
            return dout.reshape(dout.rows() * positions, channels);
        }
        Matrix dinp = inputGradients.of(dout.rows() * positions, channels);
        pass.run(Ranges.tasks(
                site,
                dout.rows(),
                positions * channels,
                (first, count, worker) -> kernels.transposeSamples(dinp, dout, channels, positions, first, count)));
        return dinp;
    }

    /** Whether the numbers are where they should be already. */
    private boolean isInOrder() {
        return positions == 1 || channels == 1;
    }

    @Override
    public void close() {
        outputs.close();
        inputGradients.close();
    }
}
