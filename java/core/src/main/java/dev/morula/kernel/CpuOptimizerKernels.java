package dev.morula.kernel;

import static dev.morula.kernel.Natives.check;

import java.util.List;

/** Forwards to the CPU library, a call a block. */
final class CpuOptimizerKernels implements OptimizerKernels {
    private final CpuKernels kernels;

    CpuOptimizerKernels(CpuKernels kernels) {
        this.kernels = kernels;
    }

    @Override
    public void sgdSteps(List<Step> steps, SgdRule rule) {
        for (Step step : steps) {
            TrainShapes.sgdStep(step);
            try (Pins p = new Pins()) {
                check(MorulaLibrary.morula_sgd_step(
                        kernels.context(),
                        p.of(step.parameter()),
                        p.ofNullable(step.first()),
                        p.of(step.gradient()),
                        rule.descriptor(),
                        rule.nesterov() ? 1 : 0,
                        step.parameter().columns(),
                        step.block().descriptor()));
            }
        }
    }

    @Override
    public void adamSteps(List<Step> steps, AdamRule rule) {
        for (Step step : steps) {
            TrainShapes.adamStep(step);
            try (Pins p = new Pins()) {
                check(MorulaLibrary.morula_adam_step(
                        kernels.context(),
                        p.of(step.parameter()),
                        p.of(step.first()),
                        p.of(step.second()),
                        p.of(step.gradient()),
                        rule.descriptor(),
                        step.parameter().columns(),
                        step.block().descriptor()));
            }
        }
    }
}
