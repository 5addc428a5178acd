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
    private final Sgd optimizer;
    private final List<Linear> layers;
    private final List<Linear> velocities = new ArrayList<>();
    private final List<List<Block>> blocks = new ArrayList<>();
    private final List<Matrix> weightGradients = new ArrayList<>();
    private final List<Matrix> biasGradients = new ArrayList<>();

    Updates(Kernels kernels, Workers workers, Network network, Sgd optimizer, long batch) {
        this.kernels = kernels;
        this.optimizer = optimizer;
        this.layers = network.layers();
        for (Linear layer : layers) {
            velocities.add(Linear.allocate(layer.inputs(), layer.outputs()));
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

    /** The tasks that update {@code layer}, given the gradient of its output and its input, both of one batch. */
    List<Task> of(int layer, Matrix dout, Matrix inp, double rate) {
        List<Task> tasks = new ArrayList<>();
        for (Block block : blocks.get(layer)) {
            tasks.add(worker -> update(layer, block, dout, inp, rate, worker));
        }
        return tasks;
    }

    private void update(int layer, Block block, Matrix dout, Matrix inp, double rate, int worker) {
        Linear parameters = layers.get(layer);
        Linear velocity = velocities.get(layer);
        Matrix dweight = weightGradients.get(worker);
        Matrix dbias = biasGradients.get(worker);
        kernels.layers().linearBackwardWeight(dweight, dbias, dout, inp, block);
        step(parameters.weight(), velocity.weight(), dweight, rate, block);
        if (block.firstColumn() == 0) {
            step(parameters.bias(), velocity.bias(), dbias, rate, new Block(0, 1, block.firstRow(), block.rows()));
        }
    }

    private void step(Matrix parameter, Matrix velocity, Matrix gradient, double rate, Block block) {
        kernels.optimizers()
                .sgdStep(parameter, velocity, gradient, rate, optimizer.momentum(), optimizer.weightDecay(), block);
    }

    @Override
    public void close() {
        velocities.forEach(Linear::close);
        weightGradients.forEach(Matrix::close);
        biasGradients.forEach(Matrix::close);
    }
}
