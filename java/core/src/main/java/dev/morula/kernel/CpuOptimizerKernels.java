package dev.morula.kernel;

import static dev.morula.kernel.Natives.check;

/** Forwards to the CPU library. */
final class CpuOptimizerKernels implements OptimizerKernels {
    private final CpuKernels kernels;

    CpuOptimizerKernels(CpuKernels kernels) {
        this.kernels = kernels;
    }

    @Override
    public void sgdStep(
            Matrix parameter,
            Matrix velocity,
            Matrix gradient,
            double rate,
            double momentum,
            double weightDecay,
            Block block) {
        TrainShapes.sgd(parameter, velocity, gradient, block);
        double[] rule = {rate, momentum, weightDecay};
        try (Pins p = new Pins()) {
            check(MorulaLibrary.morula_sgd_step(
                    kernels.context(),
                    p.of(parameter),
                    p.of(velocity),
                    p.of(gradient),
                    rule,
                    parameter.columns(),
                    block.descriptor()));
        }
    }
}
