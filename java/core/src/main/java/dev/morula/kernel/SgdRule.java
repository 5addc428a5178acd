package dev.morula.kernel;

/**
 * One step of stochastic gradient descent.
 *
 * @param rate what the step is multiplied by
 * @param momentum share of the velocity that is kept
 * @param weightDecay share of the parameter that is added to its gradient
 * @param nesterov whether the step goes on from where the momentum leads (Sutskever et al., 2013)
 */
public record SgdRule(double rate, double momentum, double weightDecay, boolean nesterov) {
    /** {@code morula_sgd}. */
    double[] descriptor() {
        return new double[] {rate, momentum, weightDecay};
    }
}
