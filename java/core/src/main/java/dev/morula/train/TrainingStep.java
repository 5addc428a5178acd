package dev.morula.train;

import dev.morula.kernel.ElementType;
import dev.morula.kernel.Kernels;
import dev.morula.kernel.Matrix;
import dev.morula.kernel.Workers;
import dev.morula.prepare.Samples;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** One step of training: forward, loss, backward and the optimiser's update. */
final class TrainingStep implements AutoCloseable {
    /** The sums over one batch. */
    record Outcome(double loss, int wrong) {}

    private final Kernels kernels;
    private final Workers workers;
    private final Scratch scratch;
    private final Operation operation;
    private final LossOperation loss;
    private final OptimizerState optimizer;
    private final Matrix dlogits;

    TrainingStep(Kernels kernels, Workers workers, Network network, TrainingOptions options, long batch) {
        this.kernels = kernels;
        this.workers = workers.calling(kernels);
        this.scratch = new Scratch(this.workers.count());
        Site site = new Site(
                kernels, this.workers, scratch, batch, network.definition().input(), true);
        this.operation = Operations.forTraining(network, site, new Operations.Dropouts(options.seed(), () -> optimizer()
                .steps()));
        this.loss = new LossOperation(kernels, options.loss(), batch);
        this.optimizer = new OptimizerState(kernels, options.optimizer(), network.trainedParameters());
        this.dlogits =
                Matrix.allocate(ElementType.F32, batch, network.definition().outputs());
    }

    /** Trains on {@code samples}, at most a batch of them; the weights change unless the loss is not finite. */
    Outcome run(Samples samples, double rate) {
        Matrix logits = operation.forward(samples.inputs(), Phase.TRAINING);
        Matrix gradient = dlogits.slice(0, samples.count());
        Outcome outcome = loss.of(gradient, logits, samples.labels());
        if (Double.isFinite(outcome.loss())) {
            optimizer.startStep();
            descend(gradient, rate);
        }
        return outcome;
    }

    /** On a device that computes whole operations one call steps all parameters; else each block, while in the cache. */
    private void descend(Matrix gradient, double rate) {
        if (kernels.computesWholeOperations()) {
            List<Gradient> all = new ArrayList<>();
            backward(gradient, all::add);
            optimizer.step(all, rate);
        } else {
            backward(gradient, one -> optimizer.step(List.of(one), rate));
        }
    }

    private void backward(Matrix gradient, Consumer<Gradient> gradients) {
        StepPass pass = new StepPass(workers, gradients);
        operation.backward(gradient, pass);
        pass.finish();
    }

    /** What the optimiser remembers. */
    OptimizerState optimizer() {
        return optimizer;
    }

    @Override
    public void close() {
        operation.close();
        scratch.close();
        loss.close();
        optimizer.close();
        dlogits.close();
    }
}
