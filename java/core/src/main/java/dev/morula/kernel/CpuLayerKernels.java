package dev.morula.kernel;

import static dev.morula.kernel.Natives.check;

/** Forwards to the CPU library. */
final class CpuLayerKernels implements LayerKernels {
    private final CpuKernels kernels;

    CpuLayerKernels(CpuKernels kernels) {
        this.kernels = kernels;
    }

    @Override
    public void linearForward(Matrix out, Matrix inp, Matrix weight, Matrix bias, Activation activation, Block block) {
        long[] shape = TrainShapes.linear(out, inp, weight, block);
        TrainShapes.require("bias", bias, 1, weight.rows());
        try (Pins p = new Pins()) {
            check(MorulaLibrary.morula_linear_forward(
                    kernels.context(), p.of(out), p.of(inp), p.of(weight), p.of(bias), shape, activation.ordinal()));
        }
    }

    @Override
    public void linearBackwardWeight(Matrix dweight, Matrix dbias, Matrix dout, Matrix inp, Block block) {
        long[] shape = TrainShapes.linear(dout, inp, block);
        TrainShapes.requireRoom("dweight", dweight, block.rows() * block.columns());
        TrainShapes.requireRoom("dbias", dbias, block.rows());
        try (Pins p = new Pins()) {
            long bias = block.firstColumn() == 0 ? p.of(dbias) : 0;
            check(MorulaLibrary.morula_linear_backward_weight(
                    kernels.context(), p.of(dweight), bias, p.of(dout), p.of(inp), shape));
        }
    }

    @Override
    public void linearBackwardInput(
            Matrix dinp, Matrix dout, Matrix weight, Matrix inp, Activation activation, Block block) {
        long[] shape = TrainShapes.linear(dout, dinp, weight, block);
        TrainShapes.require("inp", inp, dinp.rows(), dinp.columns());
        try (Pins p = new Pins()) {
            check(MorulaLibrary.morula_linear_backward_input(
                    kernels.context(), p.of(dinp), p.of(dout), p.of(weight), p.of(inp), shape, activation.ordinal()));
        }
    }

    @Override
    public void orthogonalFactor(Matrix weight, double gain) {
        TrainShapes.require("weight", weight, weight.rows(), weight.columns());
        try (Pins p = new Pins()) {
            check(MorulaLibrary.morula_orthogonal_factor(
                    kernels.context(), p.of(weight), weight.rows(), weight.columns(), gain));
        }
    }
}
