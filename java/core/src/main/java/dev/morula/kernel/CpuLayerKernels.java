package dev.morula.kernel;

import static dev.morula.kernel.Natives.check;

/** Forwards to the CPU library. */
final class CpuLayerKernels implements LayerKernels {
    private final CpuKernels kernels;

    CpuLayerKernels(CpuKernels kernels) {
        this.kernels = kernels;
    }

    @Override
    public void batchNormSums(Matrix sums, Matrix inp, Block block) {
        long[] shape = LayerShapes.channels(inp, block);
        LayerShapes.requireSums(sums, 1, inp.columns());
        try (Pins p = new Pins()) {
            check(MorulaLibrary.morula_batch_norm_sums(kernels.context(), p.of(sums), p.of(inp), shape));
        }
    }

    @Override
    public void batchNormTraining(Matrix terms, Matrix sums, Matrix inp, BatchNormParameters parameters, Block block) {
        long[] shape = LayerShapes.channels(inp, block);
        LayerShapes.requireTerms(terms, inp.columns());
        LayerShapes.requireSums(sums, sums.rows(), inp.columns());
        try (Pins p = new Pins()) {
            long[] layer = LayerShapes.batchNorm(p, parameters, inp.columns());
            check(MorulaLibrary.morula_batch_norm_training(
                    kernels.context(), p.of(terms), p.of(sums), sums.rows(), p.of(inp), layer, shape));
        }
    }

    @Override
    public void batchNormEvaluation(Matrix terms, BatchNormParameters parameters) {
        LayerShapes.requireTerms(terms, terms.columns());
        try (Pins p = new Pins()) {
            long[] layer = LayerShapes.batchNorm(p, parameters, terms.columns());
            check(MorulaLibrary.morula_batch_norm_evaluation(kernels.context(), p.of(terms), layer, terms.columns()));
        }
    }

    @Override
    public void batchNormForward(Matrix out, Matrix inp, Matrix terms, Activation activation, Block block) {
        long[] shape = LayerShapes.channels(inp, block);
        LayerShapes.requireTerms(terms, inp.columns());
        LayerShapes.requireLike("out", out, inp);
        try (Pins p = new Pins()) {
            check(MorulaLibrary.morula_batch_norm_forward(
                    kernels.context(), p.of(out), p.of(inp), p.of(terms), shape, activation.ordinal()));
        }
    }

    @Override
    public void batchNormBackwardSums(Matrix sums, Matrix dout, Matrix inp, Matrix out, Matrix terms, Block block) {
        long[] shape = LayerShapes.batchNormBackward(dout, inp, out, terms, block);
        LayerShapes.requireSums(sums, 1, inp.columns());
        try (Pins p = new Pins()) {
            check(MorulaLibrary.morula_batch_norm_backward_sums(
                    kernels.context(), p.of(sums), p.of(dout), p.of(inp), p.ofNullable(out), p.of(terms), shape));
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
        try (Pins p = new Pins()) {
            check(MorulaLibrary.morula_batch_norm_gradients(
                    kernels.context(),
                    p.of(dscale),
                    p.of(dshift),
                    p.of(slopes),
                    p.of(sums),
                    sums.rows(),
                    p.of(terms),
                    LayerShapes.channels(rows, channels, block)));
        }
    }

    @Override
    public void batchNormBackwardInput(
            Matrix dinp, Matrix dout, Matrix inp, Matrix out, Matrix terms, Matrix slopes, Block block) {
        long[] shape = LayerShapes.batchNormBackward(dout, inp, out, terms, block);
        LayerShapes.requireLike("dinp", dinp, inp);
        TrainShapes.require("slopes", slopes, BATCH_NORM_SLOPES, inp.columns());
        try (Pins p = new Pins()) {
            check(MorulaLibrary.morula_batch_norm_backward_input(
                    kernels.context(),
                    p.of(dinp),
                    p.of(dout),
                    p.of(inp),
                    p.ofNullable(out),
                    p.of(terms),
                    p.of(slopes),
                    shape));
        }
    }

    @Override
    public void maxPool(Matrix out, Matrix inp, PoolWindows windows, long firstSample, long samples) {
        long[] shape = LayerShapes.pool(out, inp, windows, firstSample, samples);
        try (Pins p = new Pins()) {
            check(MorulaLibrary.morula_max_pool(kernels.context(), p.of(out), p.of(inp), shape));
        }
    }

    @Override
    public void maxPoolBackward(
            Matrix dinp, Matrix dout, Matrix inp, Matrix out, PoolWindows windows, long firstSample, long samples) {
        long[] shape = LayerShapes.pool(out, inp, windows, firstSample, samples);
        LayerShapes.requireLike("dinp", dinp, inp);
        LayerShapes.requireLike("dout", dout, out);
        try (Pins p = new Pins()) {
            check(MorulaLibrary.morula_max_pool_backward(
                    kernels.context(), p.of(dinp), p.of(dout), p.of(inp), p.of(out), shape));
        }
    }

    @Override
    public void averagePool(Matrix out, Matrix inp, PoolWindows windows, long firstSample, long samples) {
        long[] shape = LayerShapes.pool(out, inp, windows, firstSample, samples);
        try (Pins p = new Pins()) {
            check(MorulaLibrary.morula_average_pool(kernels.context(), p.of(out), p.of(inp), shape));
        }
    }

    @Override
    public void averagePoolBackward(Matrix dinp, Matrix dout, PoolWindows windows, long firstSample, long samples) {
        long[] shape = LayerShapes.pool(dout, dinp, windows, firstSample, samples);
        try (Pins p = new Pins()) {
            check(MorulaLibrary.morula_average_pool_backward(kernels.context(), p.of(dinp), p.of(dout), shape));
        }
    }

    @Override
    public void localResponseNorm(Matrix out, Matrix inp, ResponseRule rule, long firstRow, long rows) {
        long[] shape = LayerShapes.localResponse(out, inp, rule, firstRow, rows);
        try (Pins p = new Pins()) {
            check(MorulaLibrary.morula_local_response_norm(
                    kernels.context(), p.of(out), p.of(inp), shape, LayerShapes.struct(rule)));
        }
    }

    @Override
    public void localResponseNormBackward(
            Matrix dinp, Matrix workspace, Matrix dout, Matrix inp, ResponseRule rule, long firstRow, long rows) {
        long[] shape = LayerShapes.localResponse(dinp, inp, rule, firstRow, rows);
        LayerShapes.requireLike("dout", dout, inp);
        TrainShapes.requireRoom("workspace", workspace, 2 * inp.columns());
        try (Pins p = new Pins()) {
            check(MorulaLibrary.morula_local_response_norm_backward(
                    kernels.context(),
                    p.of(dinp),
                    p.of(workspace),
                    p.of(dout),
                    p.of(inp),
                    shape,
                    LayerShapes.struct(rule)));
        }
    }

    @Override
    public void dropout(Matrix out, Matrix inp, DropoutDraw draw, long first, long count) {
        LayerShapes.requireElements(inp, first, count);
        LayerShapes.requireLike("out", out, inp);
        long[] struct = {draw.seed(), 0, first, count};
        draw.step().read(0, struct, 1, 1);
        try (Pins p = new Pins()) {
            check(MorulaLibrary.morula_dropout(kernels.context(), p.of(out), p.of(inp), struct, draw.probability()));
        }
    }

    @Override
    public void relu(Matrix out, Matrix inp, long first, long count) {
        LayerShapes.requireElements(inp, first, count);
        LayerShapes.requireLike("out", out, inp);
        try (Pins p = new Pins()) {
            check(MorulaLibrary.morula_relu(kernels.context(), p.of(out), p.of(inp), first, count));
        }
    }

    @Override
    public void reluBackward(Matrix dinp, Matrix dout, Matrix out, long first, long count) {
        LayerShapes.requireElements(dinp, first, count);
        LayerShapes.requireLike("dout", dout, dinp);
        LayerShapes.requireLike("out", out, dinp);
        try (Pins p = new Pins()) {
            check(MorulaLibrary.morula_relu_backward(
                    kernels.context(), p.of(dinp), p.of(dout), p.of(out), first, count));
        }
    }

    @Override
    public void add(Matrix out, Matrix left, Matrix right, Activation activation, long first, long count) {
        LayerShapes.requireElements(out, first, count);
        LayerShapes.requireLike("left", left, out);
        LayerShapes.requireLike("right", right, out);
        try (Pins p = new Pins()) {
            check(MorulaLibrary.morula_add(
                    kernels.context(), p.of(out), p.of(left), p.of(right), first, count, activation.ordinal()));
        }
    }

    @Override
    public void copyChannels(
            Matrix out, long outFirst, Matrix inp, long inpFirst, long count, long firstRow, long rows) {
        TrainShapes.require("out", out, inp.rows(), out.columns());
        LayerShapes.requireRows(inp, firstRow, rows);
        long[] shape = {out.columns(), outFirst, inp.columns(), inpFirst, count, firstRow, rows};
        try (Pins p = new Pins()) {
            check(MorulaLibrary.morula_copy_channels(kernels.context(), p.of(out), p.of(inp), shape));
        }
    }

    @Override
    public void transposeSamples(Matrix out, Matrix inp, long rows, long columns, long firstSample, long samples) {
        long elements = (firstSample + samples) * rows * columns;
        TrainShapes.requireRoom("out", out, elements);
        TrainShapes.requireRoom("inp", inp, elements);
        try (Pins p = new Pins()) {
            check(MorulaLibrary.morula_transpose_samples(
                    kernels.context(), p.of(out), p.of(inp), new long[] {rows, columns, firstSample, samples}));
        }
    }
}
