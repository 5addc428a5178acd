package dev.morula.kernel;

import static dev.morula.kernel.Natives.check;

/** Forwards to the CPU library. */
final class CpuProductKernels implements ProductKernels {
    private final CpuKernels kernels;

    CpuProductKernels(CpuKernels kernels) {
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

    @Override
    public long convolutionWorkspace(ConvolutionPass pass, ConvolutionShape shape, Block block) {
        return MorulaLibrary.morula_convolution_workspace(shape.descriptor(block.rows(), block), pass.ordinal());
    }

    @Override
    public void convolutionForward(
            Matrix out,
            Matrix inp,
            Matrix weight,
            Matrix bias,
            ConvolutionShape shape,
            Activation activation,
            Block block,
            Matrix workspace) {
        long[] descriptor = shape.descriptor(out, inp, block);
        TrainShapes.require("weight", weight, shape.outputs(), shape.weightColumns());
        if (bias != null) {
            TrainShapes.require("bias", bias, 1, shape.outputs());
        }
        TrainShapes.requireRoom("workspace", workspace, convolutionWorkspace(ConvolutionPass.FORWARD, shape, block));
        try (Pins p = new Pins()) {
            check(MorulaLibrary.morula_convolution_forward(
                    kernels.context(),
                    p.of(out),
                    p.of(inp),
                    p.of(weight),
                    p.ofNullable(bias),
                    p.of(workspace),
                    descriptor,
                    activation.ordinal()));
        }
    }

    @Override
    public void convolutionBackwardWeight(
            Matrix dweight,
            Matrix dbias,
            Matrix dout,
            Matrix inp,
            ConvolutionShape shape,
            Block block,
            Matrix workspace) {
        long[] descriptor = shape.descriptor(dout, inp, block);
        TrainShapes.requireRoom("dweight", dweight, shape.outputs() * block.columns());
        if (dbias != null) {
            TrainShapes.require("dbias", dbias, 1, shape.outputs());
        }
        TrainShapes.requireRoom(
                "workspace", workspace, convolutionWorkspace(ConvolutionPass.BACKWARD_WEIGHT, shape, block));
        try (Pins p = new Pins()) {
            long bias = block.firstColumn() == 0 ? p.ofNullable(dbias) : 0;
            check(MorulaLibrary.morula_convolution_backward_weight(
                    kernels.context(), p.of(dweight), bias, p.of(dout), p.of(inp), p.of(workspace), descriptor));
        }
    }

    @Override
    public void convolutionBackwardInput(
            Matrix dinp, Matrix dout, Matrix weight, ConvolutionShape shape, Block block, Matrix workspace) {
        long[] descriptor = shape.descriptor(dout, dinp, block);
        TrainShapes.require("weight", weight, shape.outputs(), shape.weightColumns());
        TrainShapes.requireRoom(
                "workspace", workspace, convolutionWorkspace(ConvolutionPass.BACKWARD_INPUT, shape, block));
        try (Pins p = new Pins()) {
            check(MorulaLibrary.morula_convolution_backward_input(
                    kernels.context(), p.of(dinp), p.of(dout), p.of(weight), p.of(workspace), descriptor));
        }
    }

    @Override
    public void addParts(Matrix sums, long first, long count) {
        TrainShapes.require("sums", sums, sums.rows(), sums.columns());
        try (Pins p = new Pins()) {
            check(MorulaLibrary.morula_add_parts(
                    kernels.context(), p.of(sums), sums.rows(), sums.columns(), first, count));
        }
    }
}
