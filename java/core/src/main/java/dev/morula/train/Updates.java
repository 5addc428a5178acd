package dev.morula.train;

import dev.morula.kernel.Block;
import dev.morula.kernel.ElementType;
import dev.morula.kernel.Kernels;
import dev.morula.kernel.Matrix;
import dev.morula.kernel.Workers;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToLongFunction;

/**
 * Updates a network's parameters block by block: a worker computes a block of the gradient into memory of its own and at
 * once makes the optimiser's step with it, so that the gradient never leaves the cache and is never stored whole.
 */
final class Updates implements AutoCloseable {
    private final Kernels kernels;
    private final OptimizerState optimizer;
    private final List<Parameter> parameters;
    private final List<Linear> layers;
    private final List<List<Block>> blocks = new ArrayList<>();
    private final List<Matrix> weightGradients = new ArrayList<>();
    private final List<Matrix> biasGradients = new ArrayList<>();

    Updates(Kernels kernels, Workers workers, Network network, Optimizer optimizer, long batch) {
        this.kernels = kernels;
        this.parameters = network.parameters();
        this.optimizer = new OptimizerState(kernels, optimizer, parameters);
        this.layers = network.layers();
        for (Linear layer : layers) {
            blocks.add(WorkSplit.product(layer.outputs(), layer.inputs(), batch, workers));
        }
        for (int worker = 0; worker < workers.count(); worker++) {
            weightGradients.add(Matrix.allocate(ElementType.F32, 1, largest(Updates::elements)));
            biasGradients.add(Matrix.allocate(ElementType.F32, 1, largest(Block::rows)));
        }
    }

    private long largest(ToLongFunction<Block> size) {
        return blocks.stream().flatMap(List::stream).mapToLong(size).max().orElseThrow();
    }

    private static long elements(Block block) {
        return block.rows() * block.columns();
    }

    /** Begins a training step. */
    void startStep() {
        optimizer.startStep();
    }

    /** The tasks that update {@code layer}, given the gradient of its output and its input, both of one batch. */
    List<Task> of(int layer, Matrix dout, Matrix inp, double rate) {
        List<Task> tasks = new ArrayList<>();
        for (Block block : blocks.get(layer)) {
            tasks.add(worker -> update(layer, block, dout, inp, rate, worker));
        }
        return tasks;
    }

    private void update(int layer, Block block, Matrix dout, Matrix inp, double rate, int worker) {
        Matrix dweight = weightGradients.get(worker);
        Matrix dbias = biasGradients.get(worker);
        kernels.layers().linearBackwardWeight(dweight, dbias, dout, inp, block);
        optimizer.step(parameters.get(2 * layer), block, dweight, rate);
        if (block.firstColumn() == 0) {
            optimizer.step(parameters.get(2 * layer + 1), new Block(0, 1, block.firstRow(), block.rows()), dbias, rate);
        }
    }

    @Override
    public void close() {
        optimizer.close();
        weightGradients.forEach(Matrix::close);
        biasGradients.forEach(Matrix::close);
    }
}
