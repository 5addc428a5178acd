package dev.morula.train;

import dev.morula.kernel.Block;
import dev.morula.kernel.Matrix;
import dev.morula.kernel.Workers;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** The way back of one step: what waits is run beside the next tasks, one hand-over to the workers for both. */
final class StepPass implements BackwardPass {
    private final Workers workers;
    private final Consumer<Gradient> gradients;
    private List<Task> waiting = new ArrayList<>();

    /** @param gradients takes those of the parameters, block by block, from several threads */
    StepPass(Workers workers, Consumer<Gradient> gradients) {
        this.workers = workers;
        this.gradients = gradients;
    }

    @Override
    public void run(List<Task> tasks) {
        List<Task> all = new ArrayList<>(tasks);
        all.addAll(waiting);
        waiting = new ArrayList<>();
        workers.forEach(all.size(), (part, worker) -> all.get((int) part).run(worker));
    }

    @Override
    public void later(List<Task> tasks) {
        waiting.addAll(tasks);
    }

    @Override
    public void gradient(Parameter parameter, Block block, Matrix gradient) {
        gradients.accept(new Gradient(parameter, block, gradient));
    }

    /** Runs what still waits. */
    void finish() {
        run(List.of());
    }
}
