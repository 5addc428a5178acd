package dev.morula.kernel;

import static dev.morula.kernel.Natives.check;

/** Forwards to the CPU library. */
final class CpuLossKernels implements LossKernels {
    private final CpuKernels kernels;

    CpuLossKernels(CpuKernels kernels) {
        this.kernels = kernels;
    }

    @Override
    public void softmaxCrossEntropy(
            Matrix dout, Matrix losses, Matrix predicted, Matrix out, Matrix labels, double smoothing) {
        long[] shape = TrainShapes.loss(dout, losses, predicted, out, labels);
        try (Pins p = new Pins()) {
            check(MorulaLibrary.morula_softmax_cross_entropy(
                    kernels.context(),
                    p.ofNullable(dout),
                    p.of(losses),
                    p.of(predicted),
                    p.of(out),
                    p.of(labels),
                    shape,
                    smoothing));
        }
    }

    @Override
    public void meanSquaredError(Matrix dout, Matrix losses, Matrix predicted, Matrix out, Matrix labels) {
        long[] shape = TrainShapes.loss(dout, losses, predicted, out, labels);
        try (Pins p = new Pins()) {
            check(MorulaLibrary.morula_mean_squared_error(
                    kernels.context(),
                    p.ofNullable(dout),
                    p.of(losses),
                    p.of(predicted),
                    p.of(out),
                    p.of(labels),
                    shape));
        }
    }

    @Override
    public void squareHinge(Matrix dout, Matrix losses, Matrix predicted, Matrix out, Matrix labels) {
        long[] shape = TrainShapes.loss(dout, losses, predicted, out, labels);
        try (Pins p = new Pins()) {
            check(MorulaLibrary.morula_square_hinge(
                    kernels.context(),
                    p.ofNullable(dout),
                    p.of(losses),
                    p.of(predicted),
                    p.of(out),
                    p.of(labels),
                    shape));
        }
    }
}
