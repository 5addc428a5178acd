package dev.morula.train;

import dev.morula.Specification;

/** How gradients change parameters. Weight decay applies to all parameters, biases included, as PyTorch does by default. */
public sealed interface Optimizer permits Sgd, Adam {
    /** Learning rate at the schedule's full height. */
    double rate();

    /**
     * The optimiser that {@code text} describes; options in brackets may be left out:
     *
     * <ul>
     *   <li>{@code sgd,lr=0.05[,momentum=0.9][,weight-decay=5e-4][,nesterov]}: no momentum and no decay by default
     *   <li>{@code adam,lr=1e-3[,beta1=0.9][,beta2=0.999][,eps=1e-8][,weight-decay=0]}
     *   <li>{@code adamw,lr=1e-3[,...]}: the same with a decoupled weight decay, by default 0.01
     * </ul>
     */
    static Optimizer parse(String text) {
        Specification description = Specification.parse(
                "optimizer",
                text,
                "sgd,lr=0.05,momentum=0.9,weight-decay=5e-4, adam,lr=1e-3 or adamw,lr=1e-3,weight-decay=0.01");
        return switch (description.name()) {
            case "sgd" -> Sgd.of(description);
            case "adam" -> Adam.of(description, false);
            case "adamw" -> Adam.of(description, true);
            default -> throw description.unknown();
        };
    }
}
