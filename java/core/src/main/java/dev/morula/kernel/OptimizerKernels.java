package dev.morula.kernel;

import java.util.List;

/** The optimisers' steps, each on a list of blocks of parameters, no two of which share an element. */
public interface OptimizerKernels {
    /**
     * A block of a parameter that is to be changed. What an optimiser remembers of a parameter has the parameter's shape; only
     * the block of both changes.
     *
     * @param first SGD's velocity, or null if the momentum is 0; Adam's mean
     * @param second Adam's mean square; null for SGD
     * @param gradient that of the block, packed: its first rows * columns numbers
     */
    record Step(Matrix parameter, Matrix first, Matrix second, Matrix gradient, Block block) {}

    /**
     * A step of stochastic gradient descent on each, as PyTorch defines it: {@code g = gradient + weightDecay p; velocity =
     * momentum velocity + g; p -= rate velocity}, or with Nesterov's momentum {@code p -= rate (g + momentum velocity)}.
     */
    void sgdSteps(List<Step> steps, SgdRule rule);

    /**
     * A step of Adam (Kingma and Ba, 2015) or AdamW (Loshchilov and Hutter, 2019) on each, as PyTorch defines them: {@code g
     * = gradient + weightDecay p; mean = beta1 mean + (1 - beta1) g; square = beta2 square + (1 - beta2) g^2; p -= rate
     * (mean / (1 - beta1^step)) / (sqrt(square / (1 - beta2^step)) + epsilon)}. Decoupled, the weight decay is not part of g,
     * but p loses {@code rate weightDecay p}.
     */
    void adamSteps(List<Step> steps, AdamRule rule);
}
