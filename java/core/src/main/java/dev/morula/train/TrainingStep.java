package dev.morula.train;

import dev.morula.kernel.ElementType;
import dev.morula.kernel.Kernels;
import dev.morula.kernel.Matrix;
import dev.morula.kernel.Repetition;
import dev.morula.kernel.Workers;
import dev.morula.prepare.Samples;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * One step of training: forward, loss, backward and the optimiser's update.
 *
 * <p>On a device that computes whole operations, steps of as many samples repeat the same calls: those up to the loss, which
 * the host looks at, and those of the way back. The optimiser's rule is another in every step, and its update a call of its
 * own, which steps all parameters.
 */
final class TrainingStep implements AutoCloseable {
    /** Of what is repeated: there and back. */
    private static final int PARTS = 2;

    /** The sums over one batch. */
    record Outcome(double loss, int wrong) {}

    /** What steps of as many samples repeat, and the gradients that come of it. */
    private record Repeated(Repetition repetition, List<Gradient> gradients) {}

    private final Kernels kernels;
    private final Workers workers;
    private final Scratch scratch;
    private final Operation operation;
    private final LossOperation loss;
    private final OptimizerState optimizer;
    private final Matrix dlogits;
    private final Matrix stepsBefore = Matrix.allocate(ElementType.I64, 1, 1);
    private final Map<Long, Repeated> ofSize = new HashMap<>();

    TrainingStep(Kernels kernels, Workers workers, Network network, TrainingOptions options, long batch) {
        this.kernels = kernels;
        this.workers = workers.calling(kernels);
        this.scratch = new Scratch(this.workers.count());
        Site site = new Site(
                kernels, this.workers, scratch, batch, network.definition().input(), true);
        this.operation = Operations.forTraining(network, site, new Operations.Dropouts(options.seed(), stepsBefore));
        this.loss = new LossOperation(kernels, options.loss(), batch);
        this.optimizer = new OptimizerState(kernels, options.optimizer(), network.trainedParameters());
        this.dlogits =
                Matrix.allocate(ElementType.F32, batch, network.definition().outputs());
    }

    /** Trains on {@code samples}, at most a batch of them; the weights change unless the loss is not finite. */
    Outcome run(Samples samples, double rate) {
        stepsBefore.write(0, new long[] {optimizer.steps()}, 0, 1);
        return kernels.computesWholeOperations() ? runWhole(samples, rate) : runInBlocks(samples, rate);
    }

    /** Each block of a parameter is stepped while its gradient is in the cache. */
    private Outcome runInBlocks(Samples samples, double rate) {
        forward(samples);
        Outcome outcome = loss.outcome(samples.labels());
        if (Double.isFinite(outcome.loss())) {
            optimizer.startStep();
            backward(samples, one -> optimizer.step(List.of(one), rate));
        }
        return outcome;
    }

    private Outcome runWhole(Samples samples, double rate) {
        Repeated repeated = ofSize.computeIfAbsent(
                samples.count(), count -> new Repeated(kernels.repetition(PARTS), new ArrayList<>()));
        Outcome outcome = gradients(samples, repeated);
        if (Double.isFinite(outcome.loss())) {
            optimizer.startStep();
            optimizer.step(repeated.gradients(), rate);
        }
        return outcome;
    }

    /** Computes the gradients, unless the loss is not finite. */
    private Outcome gradients(Samples samples, Repeated repeated) {
        try (Repetition.Round round = repeated.repetition().begin(samples.inputs(), samples.labels())) {
            round.run(() -> forward(samples));
            Outcome outcome = loss.outcome(samples.labels());
            if (Double.isFinite(outcome.loss())) {
                round.run(() -> {
                    repeated.gradients().clear();
                    backward(samples, repeated.gradients()::add);
                });
            }
            return outcome;
        }
    }

    private void forward(Samples samples) {
        Matrix logits = operation.forward(samples.inputs(), Phase.TRAINING);
        loss.compute(dlogits.slice(0, samples.count()), logits, samples.labels());
    }

    private void backward(Samples samples, Consumer<Gradient> gradients) {
        StepPass pass = new StepPass(workers, gradients);
        operation.backward(dlogits.slice(0, samples.count()), pass);
        pass.finish();
    }

    /** What the optimiser remembers. */
    OptimizerState optimizer() {
        return optimizer;
    }

    @Override
    public void close() {
        ofSize.values().forEach(repeated -> repeated.repetition().close());
        operation.close();
        scratch.close();
        loss.close();
        optimizer.close();
        dlogits.close();
        stepsBefore.close();
    }
}
