package dev.morula.kernel;

import static dev.morula.kernel.CudaContext.check;

/** Forwards to the GPU library. */
final class CudaOptimizerKernels implements OptimizerKernels {
    private final CudaContext context;

    CudaOptimizerKernels(CudaContext context) {
        this.context = context;
    }

    @Override
    public void sgdStep(Matrix parameter, Matrix velocity, Matrix gradient, SgdRule rule, Block block) {
        TrainShapes.step(parameter, velocity, gradient, block);
        try (CudaPins p = new CudaPins(context)) {
            check(MorulaCudaLibrary.morula_cuda_sgd_step(
                    context.address(),
                    p.update(parameter),
                    p.updateNullable(velocity),
                    p.read(gradient),
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
        try (CudaPins p = new CudaPins(context)) {
            check(MorulaCudaLibrary.morula_cuda_adam_step(
                    context.address(),
                    p.update(parameter),
                    p.update(mean),
                    p.update(square),
                    p.read(gradient),
                    rule.descriptor(),
                    parameter.columns(),
                    block.descriptor()));
        }
    }
}
