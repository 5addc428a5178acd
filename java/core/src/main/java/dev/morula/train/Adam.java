package dev.morula.train;

import dev.morula.MorulaException;
import dev.morula.Specification;
import dev.morula.kernel.AdamRule;

/**
 * Adam (Kingma and Ba, 2015) as PyTorch defines it, or, decoupled, AdamW (Loshchilov and Hutter, 2019).
 *
 * @param rate learning rate at the schedule's full height, above 0
 * @param beta1 share of the mean gradient that a step keeps, from 0 to below 1
 * @param beta2 share of the mean squared gradient that a step keeps, from 0 to below 1
 * @param epsilon added to the root of the latter, above 0
 * @param weightDecay 0 or more
 * @param decoupled whether the weight decay acts on the parameters, as in AdamW, or on their gradients
 */
public record Adam(double rate, double beta1, double beta2, double epsilon, double weightDecay, boolean decoupled)
        implements Optimizer {
    public Adam {
        if (!(rate > 0) || Double.isInfinite(rate)) {
            throw MorulaException.usage("optimizer: lr is %s, but must be above 0", rate);
        }
        requireShare("beta1", beta1);
        requireShare("beta2", beta2);
        if (!(epsilon > 0) || Double.isInfinite(epsilon)) {
            throw MorulaException.usage("optimizer: eps is %s, but must be above 0", epsilon);
        }
        if (!(weightDecay >= 0) || Double.isInfinite(weightDecay)) {
            throw MorulaException.usage("optimizer: weight-decay is %s, but must be 0 or more", weightDecay);
        }
    }

    private static void requireShare(String name, double value) {
        if (!(value >= 0 && value < 1)) {
            throw MorulaException.usage("optimizer: %s is %s, but must be from 0 to below 1", name, value);
        }
    }

    static Adam of(Specification description, boolean decoupled) {
        description.with("lr=", "beta1=", "beta2=", "eps=", "weight-decay=");
        return new Adam(
                description.number("lr"),
                description.number("beta1", 0.9),
                description.number("beta2", 0.999),
                description.number("eps", 1e-8),
                description.number("weight-decay", decoupled ? 0.01 : 0),
                decoupled);
    }

    AdamRule rule(double scheduledRate, long step) {
        return new AdamRule(scheduledRate, beta1, beta2, epsilon, weightDecay, decoupled, step);
    }

    /** The form that {@link Optimizer#parse} reads. */
    @Override
    public String toString() {
        return (decoupled ? "adamw" : "adam") + ",lr=" + rate + ",beta1=" + beta1 + ",beta2=" + beta2 + ",eps="
                + epsilon + ",weight-decay=" + weightDecay;
    }
}
