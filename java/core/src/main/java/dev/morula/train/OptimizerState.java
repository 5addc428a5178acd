package dev.morula.train;

import dev.morula.kernel.Block;
import dev.morula.kernel.ElementType;
import dev.morula.kernel.Kernels;
import dev.morula.kernel.Matrix;
import java.util.HashMap;
import java.util.Map;

/** What the optimiser remembers of every parameter. */
final class OptimizerState implements AutoCloseable {
    private final Kernels kernels;
    private final Sgd optimizer;
    private final Map<String, Matrix> velocities = new HashMap<>();

    OptimizerState(Kernels kernels, Sgd optimizer, Network network) {
        this.kernels = kernels;
        this.optimizer = optimizer;
        for (Parameter parameter : network.parameters()) {
            if (parameter.spec().role().isTrained()) {
                Matrix values = parameter.values();
                velocities.put(parameter.name(), Matrix.allocate(ElementType.F32, values.rows(), values.columns()));
            }
        }
    }

    /** Makes the step of one block, whose gradient comes packed; from any thread. */
    void step(Parameter parameter, Block block, Matrix gradient, double rate) {
        Matrix velocity = velocities.get(parameter.name());
        kernels.optimizers()
                .sgdStep(
                        parameter.values(),
                        velocity,
                        gradient,
                        rate,
                        optimizer.momentum(),
                        optimizer.weightDecay(),
                        block);
    }

    @Override
    public void close() {
        velocities.values().forEach(Matrix::close);
    }
}
