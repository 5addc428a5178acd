package dev.morula.kernel;

import static dev.morula.kernel.CudaContext.check;

/** Forwards to the GPU library. */
final class CudaProductKernels implements ProductKernels {
    private final CudaContext context;
    private final ProductKernels host;

    /** {@code host}: for initial weights, which are made once. */
    CudaProductKernels(CudaContext context, ProductKernels host) {
        this.context = context;
        this.host = host;
    }

    @Override
    public void linearForward(Matrix out, Matrix inp, Matrix weight, Matrix bias, Activation activation, Block block) {
        long[] shape = TrainShapes.linear(out, inp, weight, block);
        TrainShapes.require("bias", bias, 1, weight.rows());
        try (CudaPins p = new CudaPins(context)) {
            check(MorulaCudaLibrary.morula_cuda_linear_forward(
                    context.address(),
                    p.update(out),
                    p.read(inp),
                    p.read(weight),
                    p.read(bias),
                    shape,
                    activation.ordinal()));
        }
    }

    @Override
    public void linearBackwardWeight(Matrix dweight, Matrix dbias, Matrix dout, Matrix inp, Block block) {
        long[] shape = TrainShapes.linear(dout, inp, block);
        TrainShapes.requireRoom("dweight", dweight, block.rows() * block.columns());
        TrainShapes.requireRoom("dbias", dbias, block.rows());
        try (CudaPins p = new CudaPins(context)) {
            long bias = block.firstColumn() == 0 ? p.update(dbias) : 0;
            check(MorulaCudaLibrary.morula_cuda_linear_backward_weight(
                    context.address(), p.update(dweight), bias, p.read(dout), p.read(inp), shape));
        }
    }

    @Override
    public void linearBackwardInput(
            Matrix dinp, Matrix dout, Matrix weight, Matrix inp, Activation activation, Block block) {
        long[] shape = TrainShapes.linear(dout, dinp, weight, block);
        TrainShapes.require("inp", inp, dinp.rows(), dinp.columns());
        try (CudaPins p = new CudaPins(context)) {
            check(MorulaCudaLibrary.morula_cuda_linear_backward_input(
                    context.address(),
                    p.update(dinp),
                    p.read(dout),
                    p.read(weight),
                    p.read(inp),
                    shape,
                    activation.ordinal()));
        }
    }

    @Override
    public void orthogonalFactor(Matrix weight, double gain) {
        host.orthogonalFactor(weight, gain);
    }

    @Override
    public long convolutionWorkspace(ConvolutionPass pass, ConvolutionShape shape, Block block) {
        return MorulaCudaLibrary.morula_cuda_convolution_workspace(
                shape.descriptor(block.rows(), block), pass.ordinal());
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
        try (CudaPins p = new CudaPins(context)) {
            check(MorulaCudaLibrary.morula_cuda_convolution_forward(
                    context.address(),
                    p.update(out),
                    p.read(inp),
                    p.read(weight),
                    p.readNullable(bias),
                    p.update(workspace),
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
        try (CudaPins p = new CudaPins(context)) {
            long bias = block.firstColumn() == 0 ? p.updateNullable(dbias) : 0;
            check(MorulaCudaLibrary.morula_cuda_convolution_backward_weight(
                    context.address(),
                    p.update(dweight),
                    bias,
                    p.read(dout),
                    p.read(inp),
                    p.update(workspace),
                    descriptor));
        }
    }

    @Override
    public void convolutionBackwardInput(
            Matrix dinp, Matrix dout, Matrix weight, ConvolutionShape shape, Block block, Matrix workspace) {
        long[] descriptor = shape.descriptor(dout, dinp, block);
        TrainShapes.require("weight", weight, shape.outputs(), shape.weightColumns());
        TrainShapes.requireRoom(
                "workspace", workspace, convolutionWorkspace(ConvolutionPass.BACKWARD_INPUT, shape, block));
        try (CudaPins p = new CudaPins(context)) {
            check(MorulaCudaLibrary.morula_cuda_convolution_backward_input(
                    context.address(), p.update(dinp), p.read(dout), p.read(weight), p.update(workspace), descriptor));
        }
    }

    @Override
    public void addParts(Matrix sums, long first, long count) {
        TrainShapes.require("sums", sums, sums.rows(), sums.columns());
        try (CudaPins p = new CudaPins(context)) {
            check(MorulaCudaLibrary.morula_cuda_add_parts(
                    context.address(), p.update(sums), sums.rows(), sums.columns(), first, count));
        }
    }
}
