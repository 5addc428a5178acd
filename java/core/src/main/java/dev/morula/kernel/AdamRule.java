package dev.morula.kernel;

/**
 * One step of Adam or AdamW.
 *
 * @param rate what the step is multiplied by
 * @param beta1 share of the mean gradient that is kept
 * @param beta2 share of the mean squared gradient that is kept
 * @param epsilon added to the root of the latter
 * @param weightDecay share of the parameter that is added to its gradient or, if {@code decoupled}, taken off it, times
 *     the rate
 * @param step counted from 1; corrects the means for having begun at 0
 */
public record AdamRule(
        double rate, double beta1, double beta2, double epsilon, double weightDecay, boolean decoupled, long step) {
    public AdamRule {
        if (step < 1) {
            throw new IllegalArgumentException("steps are counted from 1, this is " + step);
        }
    }

    /** {@code morula_adam}. */
    double[] descriptor() {
        return new double[] {
            rate,
            beta1,
            beta2,
            epsilon,
            decoupled ? 0 : weightDecay,
            decoupled ? weightDecay : 0,
            1 - StrictMath.pow(beta1, step),
            1 - StrictMath.pow(beta2, step)
        };
    }
}
