package dev.morula.train;

import dev.morula.kernel.ElementType;
import dev.morula.kernel.Kernels;
import dev.morula.kernel.Matrix;
import dev.morula.kernel.Workers;
import dev.morula.prepare.Samples;

/** One step of training: forward, loss, backward and the optimiser's update. */
final class TrainingStep implements AutoCloseable {
    /** The sums over one batch. */
    record Outcome(double loss, int wrong) {}

    private final Workers workers;
    private final Scratch scratch;
    private final Operation operation;
    private final LossOperation loss;
    private final OptimizerState optimizer;
    private final Matrix dlogits;

    TrainingStep(Kernels kernels, Workers workers, Network network, TrainingOptions options, long batch) {
        this.workers = workers;
        this.scratch = new Scratch(workers.count());
        Site site =
                new Site(kernels, workers, scratch, batch, network.definition().input(), true);
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
            StepPass pass =
                    new StepPass(workers, (parameter, block, packed) -> optimizer.step(parameter, block, packed, rate));
            operation.backward(gradient, pass);
            pass.finish();
        }
        return outcome;
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
