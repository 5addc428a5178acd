package dev.morula.kernel;

/**
 * The optimisers' steps, on a block of one parameter. What an optimiser remembers of a parameter has the parameter's
 * shape; only {@code block} of both changes. {@code gradient} is that of the block, packed.
 */
public interface OptimizerKernels {
    /**
     * One step of stochastic gradient descent, as PyTorch defines it: {@code g = gradient + weightDecay p; velocity =
     * momentum velocity + g; p -= rate velocity}, or with Nesterov's momentum {@code p -= rate (g + momentum velocity)}.
     *
     * @param velocity may be null if the momentum is 0
     */
    void sgdStep(Matrix parameter, Matrix velocity, Matrix gradient, SgdRule rule, Block block);

    /**
     * One step of Adam (Kingma and Ba, 2015) or AdamW (Loshchilov and Hutter, 2019), as PyTorch defines them: {@code g =
     * gradient + weightDecay p; mean = beta1 mean + (1 - beta1) g; square = beta2 square + (1 - beta2) g^2; p -= rate (mean
     * / (1 - beta1^step)) / (sqrt(square / (1 - beta2^step)) + epsilon)}. Decoupled, the weight decay is not part of g, but
     * p loses {@code rate weightDecay p}.
     */
    void adamStep(Matrix parameter, Matrix mean, Matrix square, Matrix gradient, AdamRule rule, Block block);
}
