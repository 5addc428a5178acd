package dev.morula.train;

import dev.morula.kernel.Activation;
import dev.morula.kernel.Block;
import dev.morula.kernel.ElementType;
import dev.morula.kernel.Kernels;
import dev.morula.kernel.Matrix;
import dev.morula.kernel.Workers;
import java.util.ArrayList;
import java.util.List;

/** Runs batches through a network's first layers and keeps what each of them put out. */
final class ForwardPass implements AutoCloseable {
    private final Kernels kernels;
    private final Workers workers;
    private final List<Linear> layers;
    private final int readOut;
    private final List<Matrix> outputs = new ArrayList<>();

    /** A pass through the first {@code depth} linear layers, for batches of at most {@code batch} samples. */
    ForwardPass(Kernels kernels, Workers workers, Network network, int depth, long batch) {
        this.kernels = kernels;
        this.workers = workers;
        this.layers = network.layers().subList(0, depth);
        this.readOut = network.layers().size() - 1;
        layers.forEach(layer -> outputs.add(Matrix.allocate(ElementType.F32, batch, layer.outputs())));
    }

    /** Runs {@code inputs} (samples x inputs) through; returns each layer's output (samples x neurons), first to last. */
    List<Matrix> run(Matrix inputs) {
        List<Matrix> results = new ArrayList<>();
        Matrix inp = inputs;
        for (int layer = 0; layer < layers.size(); layer++) {
            Matrix out = outputs.get(layer).slice(0, inputs.rows());
            run(layer, out, inp);
            results.add(out);
            inp = out;
        }
        return results;
    }

    private void run(int layer, Matrix out, Matrix inp) {
        Linear linear = layers.get(layer);
        Activation activation = layer == readOut ? Activation.IDENTITY : Activation.RELU;
        List<Block> blocks = WorkSplit.product(out.rows(), out.columns(), inp.columns(), workers);
        workers.forEach(blocks.size(), (part, worker) -> kernels.layers()
                .linearForward(out, inp, linear.weight(), linear.bias(), activation, blocks.get((int) part)));
    }

    @Override
    public void close() {
        outputs.forEach(Matrix::close);
    }
}
