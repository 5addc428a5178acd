package dev.morula.train;

/**
 * A network on a set of samples.
 *
 * @param correct samples whose largest logit is that of their label; one with a logit that is not finite is wrong
 * @param loss mean softmax cross-entropy
 */
public record Evaluation(long samples, long correct, double loss) {
    public long wrong() {
        return samples - correct;
    }

    /** Share of the samples that are misclassified, 0 to 1. */
    public double error() {
        return 1 - (double) correct / samples;
    }
}
