package dev.morula.kernel;

/** The optimisers' steps, on a block of one parameter. */
public interface OptimizerKernels {
    /**
     * One step of stochastic gradient descent, as PyTorch defines it, on a block of a parameter: {@code g = gradient +
     * weightDecay p; velocity = momentum velocity + g; p -= rate velocity}.
     *
     * @param parameter and {@code velocity}: of one shape; only {@code block} of them changes
     * @param gradient that of the block, packed
     */
    void sgdStep(
            Matrix parameter,
            Matrix velocity,
            Matrix gradient,
            double rate,
            double momentum,
            double weightDecay,
            Block block);
}
