package dev.morula.kernel;

import static dev.morula.kernel.Natives.check;

/** Forwards to the CPU library. */
final class CpuLossKernels implements LossKernels {
    private final CpuKernels kernels;

    CpuLossKernels(CpuKernels kernels) {
        this.kernels = kernels;
    }

    @Override
    public void softmaxCrossEntropy(Matrix dlogits, Matrix losses, Matrix predicted, Matrix logits, Matrix labels) {
        long[] shape = TrainShapes.softmax(dlogits, losses, predicted, logits, labels);
        try (Pins p = new Pins()) {
            check(MorulaLibrary.morula_softmax_cross_entropy(
                    kernels.context(),
                    p.ofNullable(dlogits),
                    p.of(losses),
                    p.of(predicted),
                    p.of(logits),
                    p.of(labels),
                    shape));
        }
    }
}
