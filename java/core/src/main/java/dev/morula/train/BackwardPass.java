package dev.morula.train;

import dev.morula.kernel.Block;
import dev.morula.kernel.Matrix;
import java.util.List;

/** One way back through a network. */
interface BackwardPass {
    /** Shares out {@code tasks} and, beside them, those that were to come later; returns when all are done. */
    void run(List<Task> tasks);

    /**
     * Leaves {@code tasks} until other work is there to be shared out beside them, or the pass ends: those that compute
     * gradients of parameters, since nothing waits for them. They may change the parameters, so whatever needs these as
     * they were must have been run before.
     */
    void later(List<Task> tasks);

    /**
     * Takes a block of the gradient of {@code parameter}, each element once in a pass; called from tasks.
     *
     * @param gradient the block, packed: its first rows * columns numbers
     */
    void gradient(Parameter parameter, Block block, Matrix gradient);
}
