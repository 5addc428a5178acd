package dev.morula.train;

import dev.morula.kernel.Activation;
import dev.morula.kernel.Block;
import dev.morula.kernel.ElementType;
import dev.morula.kernel.Kernels;
import dev.morula.kernel.Matrix;
import dev.morula.kernel.Workers;
import java.util.ArrayList;
import java.util.List;

/**
 * One step of training: forward, loss, backward and the optimiser's update.
 *
 * <p>The update of a layer needs nothing of the layers below it, so both are shared out together: one hand-over to the
 * workers a layer.
 */
final class TrainingStep implements AutoCloseable {
    /** The sums over one batch. */
    record Outcome(double loss, int wrong) {}

    private final Kernels kernels;
    private final Workers workers;
    private final List<Linear> layers;
    private final ForwardPass forward;
    private final LossOperation loss;
    private final Updates updates;
    private final List<Matrix> outputGradients = new ArrayList<>();

    TrainingStep(Kernels kernels, Workers workers, Network network, Optimizer optimizer, Loss loss, long batch) {
        this.kernels = kernels;
        this.workers = workers;
        this.layers = network.layers();
        this.forward = new ForwardPass(kernels, workers, network, layers.size(), batch);
        this.loss = new LossOperation(kernels, loss, batch);
        this.updates = new Updates(kernels, workers, network, optimizer, batch);
        layers.forEach(layer -> outputGradients.add(Matrix.allocate(ElementType.F32, batch, layer.outputs())));
    }

    /** Trains on {@code samples}, at most a batch of them; the weights change unless the loss is not finite. */
    Outcome run(Samples samples, double rate) {
        List<Matrix> outputs = forward.run(samples.inputs());
        int readOut = layers.size() - 1;
        Outcome outcome = loss.of(gradient(readOut, samples.count()), outputs.get(readOut), samples.labels());
        if (Double.isFinite(outcome.loss())) {
            List<Matrix> inputs = new ArrayList<>(outputs);
            inputs.add(0, samples.inputs());
            backward(inputs, samples.count(), rate);
        }
        return outcome;
    }

    /** Goes down the layers; {@code inputs} holds each layer's input. */
    private void backward(List<Matrix> inputs, long samples, double rate) {
        updates.startStep();
        List<Task> pending = new ArrayList<>();
        for (int layer = layers.size() - 1; layer >= 0; layer--) {
            Matrix dout = gradient(layer, samples);
            List<Task> update = updates.of(layer, dout, inputs.get(layer), rate);
            if (layer > 0) { // needs the weights as they were, so this layer's update waits for the next round
                List<Task> tasks = inputGradient(layer, gradient(layer - 1, samples), dout, inputs.get(layer));
                tasks.addAll(pending);
                run(tasks);
                pending = update;
            } else {
                pending.addAll(update);
            }
        }
        run(pending);
    }

    private List<Task> inputGradient(int layer, Matrix dinp, Matrix dout, Matrix inp) {
        Matrix weight = layers.get(layer).weight();
        List<Task> tasks = new ArrayList<>();
        for (Block block : WorkSplit.product(dinp.rows(), dinp.columns(), dout.columns(), workers)) {
            tasks.add(worker -> kernels.layers().linearBackwardInput(dinp, dout, weight, inp, Activation.RELU, block));
        }
        return tasks;
    }

    private void run(List<Task> tasks) {
        workers.forEach(tasks.size(), (part, worker) -> tasks.get((int) part).run(worker));
    }

    private Matrix gradient(int layer, long samples) {
        return outputGradients.get(layer).slice(0, samples);
    }

    @Override
    public void close() {
        forward.close();
        loss.close();
        updates.close();
        outputGradients.forEach(Matrix::close);
    }
}
