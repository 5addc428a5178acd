package dev.morula.kernel;

import static dev.morula.kernel.CudaContext.check;

/** Forwards to the GPU library. */
final class CudaLayerKernels implements LayerKernels {
    private final CudaContext context;

    CudaLayerKernels(CudaContext context) {
        this.context = context;
    }

    @Override
    public void batchNormSums(Matrix sums, Matrix inp, Block block) {
        long[] shape = LayerShapes.channels(inp, block);
        LayerShapes.requireSums(sums, 1, inp.columns());
        try (CudaPins p = new CudaPins(context)) {
            check(MorulaCudaLibrary.morula_cuda_batch_norm_sums(context.address(), p.update(sums), p.read(inp), shape));
        }
    }

    @Override
    public void batchNormTraining(Matrix terms, Matrix sums, Matrix inp, BatchNormParameters parameters, Block block) {
        long[] shape = LayerShapes.channels(inp, block);
        LayerShapes.requireTerms(terms, inp.columns());
        LayerShapes.requireSums(sums, sums.rows(), inp.columns());
        try (CudaPins p = new CudaPins(context)) {
            long[] layer = LayerShapes.batchNorm(p, parameters, inp.columns());
            check(MorulaCudaLibrary.morula_cuda_batch_norm_training(
                    context.address(), p.update(terms), p.read(sums), sums.rows(), p.read(inp), layer, shape));
        }
    }

    @Override
    public void batchNormEvaluation(Matrix terms, BatchNormParameters parameters) {
        LayerShapes.requireTerms(terms, terms.columns());
        try (CudaPins p = new CudaPins(context)) {
            long[] layer = LayerShapes.batchNorm(p, parameters, terms.columns());
            check(MorulaCudaLibrary.morula_cuda_batch_norm_evaluation(
                    context.address(), p.update(terms), layer, terms.columns()));
        }
    }

    @Override
    public void batchNormForward(Matrix out, Matrix inp, Matrix terms, Activation activation, Block block) {
        long[] shape = LayerShapes.channels(inp, block);
        LayerShapes.requireTerms(terms, inp.columns());
        LayerShapes.requireLike("out", out, inp);
        try (CudaPins p = new CudaPins(context)) {
            check(MorulaCudaLibrary.morula_cuda_batch_norm_forward(
                    context.address(), p.update(out), p.read(inp), p.read(terms), shape, activation.ordinal()));
        }
    }

    @Override
    public void batchNormBackwardSums(Matrix sums, Matrix dout, Matrix inp, Matrix out, Matrix terms, Block block) {
        long[] shape = LayerShapes.batchNormBackward(dout, inp, out, terms, block);
        LayerShapes.requireSums(sums, 1, inp.columns());
        try (CudaPins p = new CudaPins(context)) {
            check(MorulaCudaLibrary.morula_cuda_batch_norm_backward_sums(
                    context.address(),
                    p.update(sums),
                    p.read(dout),
                    p.read(inp),
                    p.readNullable(out),
                    p.read(terms),
                    shape));
        }
    }

    @Override
    public void batchNormGradients(
            Matrix dscale, Matrix dshift, Matrix slopes, Matrix sums, Matrix terms, long rows, Block block) {
        long channels = terms.columns();
        TrainShapes.require("dscale", dscale, 1, channels);
        TrainShapes.require("dshift", dshift, 1, channels);
        TrainShapes.require("slopes", slopes, BATCH_NORM_SLOPES, channels);
        LayerShapes.requireTerms(terms, channels);
        LayerShapes.requireSums(sums, sums.rows(), channels);
        try (CudaPins p = new CudaPins(context)) {
            check(MorulaCudaLibrary.morula_cuda_batch_norm_gradients(
                    context.address(),
                    p.update(dscale),
                    p.update(dshift),
                    p.update(slopes),
                    p.read(sums),
                    sums.rows(),
                    p.read(terms),
                    LayerShapes.channels(rows, channels, block)));
        }
    }

    @Override
    public void batchNormBackwardInput(
            Matrix dinp, Matrix dout, Matrix inp, Matrix out, Matrix terms, Matrix slopes, Block block) {
        long[] shape = LayerShapes.batchNormBackward(dout, inp, out, terms, block);
        LayerShapes.requireLike("dinp", dinp, inp);
        TrainShapes.require("slopes", slopes, BATCH_NORM_SLOPES, inp.columns());
        try (CudaPins p = new CudaPins(context)) {
            check(MorulaCudaLibrary.morula_cuda_batch_norm_backward_input(
                    context.address(),
                    p.update(dinp),
                    p.read(dout),
                    p.read(inp),
                    p.readNullable(out),
                    p.read(terms),
                    p.read(slopes),
                    shape));
        }
    }

    @Override
    public void maxPool(Matrix out, Matrix inp, PoolWindows windows, long firstSample, long samples) {
        long[] shape = LayerShapes.pool(out, inp, windows, firstSample, samples);
        try (CudaPins p = new CudaPins(context)) {
            check(MorulaCudaLibrary.morula_cuda_max_pool(context.address(), p.update(out), p.read(inp), shape));
        }
    }

    @Override
    public void maxPoolBackward(
            Matrix dinp, Matrix dout, Matrix inp, Matrix out, PoolWindows windows, long firstSample, long samples) {
        long[] shape = LayerShapes.pool(out, inp, windows, firstSample, samples);
        LayerShapes.requireLike("dinp", dinp, inp);
        LayerShapes.requireLike("dout", dout, out);
        try (CudaPins p = new CudaPins(context)) {
            check(MorulaCudaLibrary.morula_cuda_max_pool_backward(
                    context.address(), p.update(dinp), p.read(dout), p.read(inp), p.read(out), shape));
        }
    }

    @Override
    public void averagePool(Matrix out, Matrix inp, PoolWindows windows, long firstSample, long samples) {
        long[] shape = LayerShapes.pool(out, inp, windows, firstSample, samples);
        try (CudaPins p = new CudaPins(context)) {
            check(MorulaCudaLibrary.morula_cuda_average_pool(context.address(), p.update(out), p.read(inp), shape));
        }
    }

    @Override
    public void averagePoolBackward(Matrix dinp, Matrix dout, PoolWindows windows, long firstSample, long samples) {
        long[] shape = LayerShapes.pool(dout, dinp, windows, firstSample, samples);
        try (CudaPins p = new CudaPins(context)) {
            check(MorulaCudaLibrary.morula_cuda_average_pool_backward(
                    context.address(), p.update(dinp), p.read(dout), shape));
        }
    }

    @Override
    public void localResponseNorm(Matrix out, Matrix inp, ResponseRule rule, long firstRow, long rows) {
        long[] shape = LayerShapes.localResponse(out, inp, rule, firstRow, rows);
        try (CudaPins p = new CudaPins(context)) {
            check(MorulaCudaLibrary.morula_cuda_local_response_norm(
                    context.address(), p.update(out), p.read(inp), shape, LayerShapes.struct(rule)));
        }
    }

    @Override
    public void localResponseNormBackward(
            Matrix dinp, Matrix workspace, Matrix dout, Matrix inp, ResponseRule rule, long firstRow, long rows) {
        long[] shape = LayerShapes.localResponse(dinp, inp, rule, firstRow, rows);
        LayerShapes.requireLike("dout", dout, inp);
        TrainShapes.requireRoom("workspace", workspace, 2 * inp.columns());
        try (CudaPins p = new CudaPins(context)) {
            check(MorulaCudaLibrary.morula_cuda_local_response_norm_backward(
                    context.address(),
                    p.update(dinp),
                    p.update(workspace),
                    p.read(dout),
                    p.read(inp),
                    shape,
                    LayerShapes.struct(rule)));
        }
    }

    @Override
    public void dropout(Matrix out, Matrix inp, DropoutDraw draw, long first, long count) {
        LayerShapes.requireElements(inp, first, count);
        LayerShapes.requireLike("out", out, inp);
        long[] struct = {draw.seed(), 0, first, count};
        try (CudaPins p = new CudaPins(context)) {
            check(MorulaCudaLibrary.morula_cuda_dropout(
                    context.address(), p.update(out), p.read(inp), p.read(draw.step()), struct, draw.probability()));
        }
    }

    @Override
    public void relu(Matrix out, Matrix inp, long first, long count) {
        LayerShapes.requireElements(inp, first, count);
        LayerShapes.requireLike("out", out, inp);
        try (CudaPins p = new CudaPins(context)) {
            check(MorulaCudaLibrary.morula_cuda_relu(context.address(), p.update(out), p.read(inp), first, count));
        }
    }

    @Override
    public void reluBackward(Matrix dinp, Matrix dout, Matrix out, long first, long count) {
        LayerShapes.requireElements(dinp, first, count);
        LayerShapes.requireLike("dout", dout, dinp);
        LayerShapes.requireLike("out", out, dinp);
        try (CudaPins p = new CudaPins(context)) {
            check(MorulaCudaLibrary.morula_cuda_relu_backward(
                    context.address(), p.update(dinp), p.read(dout), p.read(out), first, count));
        }
    }

    @Override
    public void add(Matrix out, Matrix left, Matrix right, Activation activation, long first, long count) {
        LayerShapes.requireElements(out, first, count);
        LayerShapes.requireLike("left", left, out);
        LayerShapes.requireLike("right", right, out);
        try (CudaPins p = new CudaPins(context)) {
            check(MorulaCudaLibrary.morula_cuda_add(
                    context.address(), p.update(out), p.read(left), p.read(right), first, count, activation.ordinal()));
        }
    }

    @Override
    public void copyChannels(
            Matrix out, long outFirst, Matrix inp, long inpFirst, long count, long firstRow, long rows) {
        TrainShapes.require("out", out, inp.rows(), out.columns());
        LayerShapes.requireRows(inp, firstRow, rows);
        long[] shape = {out.columns(), outFirst, inp.columns(), inpFirst, count, firstRow, rows};
        try (CudaPins p = new CudaPins(context)) {
            check(MorulaCudaLibrary.morula_cuda_copy_channels(context.address(), p.update(out), p.read(inp), shape));
        }
    }

    @Override
    public void transposeSamples(Matrix out, Matrix inp, long rows, long columns, long firstSample, long samples) {
        long elements = (firstSample + samples) * rows * columns;
        TrainShapes.requireRoom("out", out, elements);
        TrainShapes.requireRoom("inp", inp, elements);
        try (CudaPins p = new CudaPins(context)) {
            check(MorulaCudaLibrary.morula_cuda_transpose_samples(
                    context.address(), p.update(out), p.read(inp), new long[] {rows, columns, firstSample, samples}));
        }
    }
}
