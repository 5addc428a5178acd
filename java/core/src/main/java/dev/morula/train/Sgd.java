package dev.morula.train;

import dev.morula.MorulaException;
import dev.morula.Specification;
import dev.morula.kernel.SgdRule;

/**
 * Stochastic gradient descent as PyTorch defines it.
 *
 * @param rate learning rate at the schedule's full height, above 0
 * @param momentum from 0 to below 1
 * @param weightDecay 0 or more
 * @param nesterov whether the gradient is followed from where the momentum leads; needs momentum
 */
public record Sgd(double rate, double momentum, double weightDecay, boolean nesterov) implements Optimizer {
    public Sgd {
        if (!(rate > 0) || Double.isInfinite(rate)) {
            throw MorulaException.usage("optimizer: lr is %s, but must be above 0", rate);
        }
        if (!(momentum >= 0 && momentum < 1)) {
            throw MorulaException.usage("optimizer: momentum is %s, but must be from 0 to below 1", momentum);
        }
        if (!(weightDecay >= 0) || Double.isInfinite(weightDecay)) {
            throw MorulaException.usage("optimizer: weight-decay is %s, but must be 0 or more", weightDecay);
        }
        if (nesterov && momentum == 0) {
            throw MorulaException.usage("optimizer: nesterov needs momentum above 0");
        }
    }

    /** With plain momentum. */
    public Sgd(double rate, double momentum, double weightDecay) {
        this(rate, momentum, weightDecay, false);
    }

    static Sgd of(Specification description) {
        description.with("lr=", "momentum=", "weight-decay=", "nesterov");
        return new Sgd(
                description.number("lr"),
                description.number("momentum", 0),
                description.number("weight-decay", 0),
                description.has("nesterov"));
    }

    SgdRule rule(double scheduledRate) {
        return new SgdRule(scheduledRate, momentum, weightDecay, nesterov);
    }

    /** The form that {@link Optimizer#parse} reads. */
    @Override
    public String toString() {
        return "sgd,lr=" + rate + ",momentum=" + momentum + ",weight-decay=" + weightDecay
                + (nesterov ? ",nesterov" : "");
    }
}
