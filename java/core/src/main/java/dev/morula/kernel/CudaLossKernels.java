package dev.morula.kernel;

import static dev.morula.kernel.CudaContext.check;

/** Forwards to the GPU library. */
final class CudaLossKernels implements LossKernels {
    private final CudaContext context;

    CudaLossKernels(CudaContext context) {
        this.context = context;
    }

    @Override
    public void softmaxCrossEntropy(
            Matrix dout, Matrix losses, Matrix predicted, Matrix out, Matrix labels, double smoothing) {
        long[] shape = TrainShapes.loss(dout, losses, predicted, out, labels);
        try (CudaPins p = new CudaPins(context)) {
            check(MorulaCudaLibrary.morula_cuda_softmax_cross_entropy(
                    context.address(),
                    p.updateNullable(dout),
                    p.overwrite(losses),
                    p.overwrite(predicted),
                    p.read(out),
                    p.read(labels),
                    shape,
                    smoothing));
        }
    }

    @Override
    public void meanSquaredError(Matrix dout, Matrix losses, Matrix predicted, Matrix out, Matrix labels) {
        long[] shape = TrainShapes.loss(dout, losses, predicted, out, labels);
        try (CudaPins p = new CudaPins(context)) {
            check(MorulaCudaLibrary.morula_cuda_mean_squared_error(
                    context.address(),
                    p.updateNullable(dout),
                    p.overwrite(losses),
                    p.overwrite(predicted),
                    p.read(out),
                    p.read(labels),
                    shape));
        }
    }

    @Override
    public void squareHinge(Matrix dout, Matrix losses, Matrix predicted, Matrix out, Matrix labels) {
        long[] shape = TrainShapes.loss(dout, losses, predicted, out, labels);
        try (CudaPins p = new CudaPins(context)) {
            check(MorulaCudaLibrary.morula_cuda_square_hinge(
                    context.address(),
                    p.updateNullable(dout),
                    p.overwrite(losses),
                    p.overwrite(predicted),
                    p.read(out),
                    p.read(labels),
                    shape));
        }
    }
}
