package dev.morula.train;

import dev.morula.kernel.Block;
import dev.morula.kernel.Matrix;
import dev.morula.kernel.Workers;
import java.util.ArrayList;
import java.util.List;

/** The way back of one step: what waits is run beside the next tasks, one hand-over to the workers for both. */
final class StepPass implements BackwardPass {
    private final Workers workers;
    private final Gradients gradients;
    private List<Task> waiting = new ArrayList<>();

    /** Takes the gradients' blocks, from several threads. */
    @FunctionalInterface
    interface Gradients {
        void accept(Parameter parameter, Block block, Matrix gradient);
    }

    StepPass(Workers workers, Gradients gradients) {
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
        gradients.accept(parameter, block, gradient);
    }

    /** Runs what still waits. */
    void finish() {
        run(List.of());
    }
}
