package dev.morula.kernel;

import static dev.morula.kernel.Natives.check;

/** Forwards to the CPU library. */
final class CpuOptimizerKernels implements OptimizerKernels {
    private final CpuKernels kernels;

    CpuOptimizerKernels(CpuKernels kernels) {
        this.kernels = kernels;
    }

    @Override
    public void sgdStep(Matrix parameter, Matrix velocity, Matrix gradient, SgdRule rule, Block block) {
        TrainShapes.step(parameter, velocity, gradient, block);
        try (Pins p = new Pins()) {
            check(MorulaLibrary.morula_sgd_step(
                    kernels.context(),
                    p.of(parameter),
                    p.ofNullable(velocity),
                    p.of(gradient),
                    rule.descriptor(),
                    rule.nesterov() ? 1 : 0,
                    parameter.columns(),
                    block.descriptor()));
        }
    }

    @Override
    public void adamStep(Matrix parameter, Matrix mean, Matrix square, Matrix gradient, AdamRule rule, Block block) {
        TrainShapes.step(parameter, mean, gradient, block);
        TrainShapes.step(parameter, square, gradient, block);
        try (Pins p = new Pins()) {
            check(MorulaLibrary.morula_adam_step(
                    kernels.context(),
                    p.of(parameter),
                    p.of(mean),
                    p.of(square),
                    p.of(gradient),
                    rule.descriptor(),
                    parameter.columns(),
                    block.descriptor()));
        }
    }
}
