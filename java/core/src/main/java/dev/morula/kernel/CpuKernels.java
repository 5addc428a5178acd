package dev.morula.kernel;

import static dev.morula.kernel.Natives.check;

/** Forwards to the CPU library. */
final class CpuKernels implements Kernels {
    private final long context;

    CpuKernels(int tier) {
        Natives.require();
        long[] created = {0};
        check(MorulaLibrary.morula_context_create(created, tier));
        context = created[0];
    }

    @Override
    public Tier tier() {
        return Tier.values()[MorulaLibrary.morula_context_tier(context)];
    }

    @Override
    public void close() {
        MorulaLibrary.morula_context_destroy(context);
    }

    // train

    @Override
    public void linearForward(Matrix out, Matrix inp, Matrix weight, Matrix bias, Activation activation, Block block) {
        long[] shape = TrainShapes.linear(out, inp, weight, block);
        TrainShapes.require("bias", bias, 1, weight.rows());
        try (Pins p = new Pins()) {
            check(MorulaLibrary.morula_linear_forward(
                    context, p.of(out), p.of(inp), p.of(weight), p.of(bias), shape, activation.ordinal()));
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
                    context, p.of(dweight), bias, p.of(dout), p.of(inp), shape));
        }
    }

    @Override
    public void linearBackwardInput(
            Matrix dinp, Matrix dout, Matrix weight, Matrix inp, Activation activation, Block block) {
        long[] shape = TrainShapes.linear(dout, dinp, weight, block);
        TrainShapes.require("inp", inp, dinp.rows(), dinp.columns());
        try (Pins p = new Pins()) {
            check(MorulaLibrary.morula_linear_backward_input(
                    context, p.of(dinp), p.of(dout), p.of(weight), p.of(inp), shape, activation.ordinal()));
        }
    }

    @Override
    public void softmaxCrossEntropy(Matrix dlogits, Matrix losses, Matrix predicted, Matrix logits, Matrix labels) {
        long[] shape = TrainShapes.softmax(dlogits, losses, predicted, logits, labels);
        try (Pins p = new Pins()) {
            check(MorulaLibrary.morula_softmax_cross_entropy(
                    context, p.ofNullable(dlogits), p.of(losses), p.of(predicted), p.of(logits), p.of(labels), shape));
        }
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
                    context,
                    p.of(parameter),
                    p.of(velocity),
                    p.of(gradient),
                    rule,
                    parameter.columns(),
                    block.descriptor()));
        }
    }

    @Override
    public void gatherRows(Matrix out, Matrix source, Matrix indices) {
        TrainShapes.gather(out, source, indices);
        try (Pins p = new Pins()) {
            check(MorulaLibrary.morula_gather_rows(
                    context, p.of(out), p.of(source), p.of(indices), out.rows(), source.rows(), source.columns()));
        }
    }
}
