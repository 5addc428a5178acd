package dev.morula.train;

import dev.morula.kernel.ElementType;
import dev.morula.kernel.Kernels;
import dev.morula.kernel.Matrix;
import dev.morula.kernel.OptimizerKernels;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * An optimiser at work on a network: what it remembers of each parameter, all 0 at first, and how many steps it has made.
 * With both restored it goes on bit for bit.
 */
final class OptimizerState implements AutoCloseable {
    private static final String VELOCITY = "momentum_buffer";
    private static final String MEAN = "exp_avg";
    private static final String SQUARE = "exp_avg_sq";

    private final OptimizerKernels kernels;
    private final Optimizer optimizer;
    private final Map<String, Matrix> tensors = new LinkedHashMap<>();
    private long steps;

    /** For training {@code parameters}, which have different names. */
    OptimizerState(Kernels kernels, Optimizer optimizer, List<Parameter> parameters) {
        this.kernels = kernels.optimizers();
        this.optimizer = optimizer;
        for (Parameter parameter : parameters) {
            for (String remembered : remembered()) {
                Matrix values = parameter.values();
                tensors.put(
                        parameter.name() + "." + remembered,
                        Matrix.allocate(ElementType.F32, values.rows(), values.columns()));
            }
        }
    }

    private List<String> remembered() {
        if (optimizer instanceof Sgd sgd) {
            return sgd.momentum() == 0 ? List.of() : List.of(VELOCITY);
        }
        return List.of(MEAN, SQUARE);
    }

    /** Begins a training step, of which {@link #step} then makes the blocks. */
    void startStep() {
        steps++;
    }

    /** Makes the optimiser's step on some blocks of parameters. Many threads may do so at once on different blocks. */
    void step(List<Gradient> gradients, double rate) {
        if (optimizer instanceof Sgd sgd) {
            kernels.sgdSteps(steps(gradients, VELOCITY, null), sgd.rule(rate));
        } else if (optimizer instanceof Adam adam) {
            kernels.adamSteps(steps(gradients, MEAN, SQUARE), adam.rule(rate, steps));
        }
    }

    private List<OptimizerKernels.Step> steps(List<Gradient> gradients, String first, String second) {
        List<OptimizerKernels.Step> all = new ArrayList<>(gradients.size());
        for (Gradient gradient : gradients) {
            Parameter parameter = gradient.parameter();
            all.add(new OptimizerKernels.Step(
                    parameter.values(),
                    tensor(parameter, first),
                    tensor(parameter, second),
                    gradient.values(),
                    gradient.block()));
        }
        return all;
    }

    /** Null if the optimiser does not remember that. */
    private Matrix tensor(Parameter parameter, String remembered) {
        return tensors.get(parameter.name() + "." + remembered);
    }

    /** Steps begun so far. */
    long steps() {
        return steps;
    }

    /** Goes on after {@code done} steps, with {@link #tensors} as they were then. */
    void resume(long done) {
        steps = done;
    }

    /**
     * What is remembered, by the parameter's name and PyTorch's for it, such as {@code 0.weight.exp_avg}: the matrices
     * themselves, not copies.
     */
    Map<String, Matrix> tensors() {
        return Collections.unmodifiableMap(tensors);
    }

    @Override
    public void close() {
        tensors.values().forEach(Matrix::close);
    }
}
