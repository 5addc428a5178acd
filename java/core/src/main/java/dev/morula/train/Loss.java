package dev.morula.train;

import dev.morula.MorulaException;
import dev.morula.Specification;

/** What training makes small: the mean over samples of what a network's outputs lose against the labels. */
public sealed interface Loss {
    /**
     * Cross-entropy of the outputs' softmax.
     *
     * @param smoothing share of the target that is spread over all classes evenly, from 0 to below 1 (Szegedy et al., 2016)
     */
    record CrossEntropy(double smoothing) implements Loss {
        public CrossEntropy {
            if (!(smoothing >= 0 && smoothing < 1)) {
                throw MorulaException.usage("loss: smoothing is %s, but must be from 0 to below 1", smoothing);
            }
        }

        @Override
        public String toString() {
            return smoothing == 0 ? "cross-entropy" : "cross-entropy,smoothing=" + smoothing;
        }
    }

    /** The mean over outputs of the squared distance from 1 for the label's output, from 0 for all others. */
    record MeanSquaredError() implements Loss {
        @Override
        public String toString() {
            return "mse";
        }
    }

    /**
     * Half the square of what the outputs lack of a margin of 1, summed up: the label's output should be above 1, all others
     * below -1. Two classes take one output, above 1 for class 1 and below -1 for class 0.
     */
    record SquareHinge() implements Loss {
        @Override
        public int outputs(int classes) {
            return classes == 2 ? 1 : classes;
        }

        @Override
        public String toString() {
            return "hinge";
        }
    }

    /** Outputs that a network needs to tell {@code classes} classes apart. */
    default int outputs(int classes) {
        return classes;
    }

    /** The loss that {@code text} describes: {@code cross-entropy[,smoothing=0.1]}, {@code mse} or {@code hinge}. */
    static Loss parse(String text) {
        Specification description =
                Specification.parse("loss", text, "cross-entropy, cross-entropy,smoothing=0.1, mse or hinge");
        switch (description.name()) {
            case "cross-entropy":
                return new CrossEntropy(description.with("smoothing=").number("smoothing", 0));
            case "mse":
                description.with();
                return new MeanSquaredError();
            case "hinge":
                description.with();
                return new SquareHinge();
            default:
                throw description.unknown();
        }
    }
}
