package dev.morula.train;

import dev.morula.prepare.Samples;
import java.util.List;

/** A multilayer perceptron and its mean softmax cross-entropy by definition, in float64. */
final class ReferenceNetwork {
    private final List<double[][]> parameters;
    private final double[][] inputs;
    private final int[] labels;

    /** {@code parameters}: weight (outputs x inputs) and bias (1 x outputs) by turns, used as they are at each call. */
    ReferenceNetwork(List<double[][]> parameters, Samples samples) {
        this.parameters = parameters;
        this.inputs = Floats.doubles(samples.inputs());
        this.labels = new int[inputs.length];
        samples.labels().read(0, labels, 0, labels.length);
    }

    double loss() {
        double sum = 0;
        for (int sample = 0; sample < inputs.length; sample++) {
            double[] logits = output(inputs[sample], parameters.size() / 2);
            double total = 0;
            for (double logit : logits) {
                total += Math.exp(logit);
            }
            sum += Math.log(total) - logits[labels[sample]];
        }
        return sum / inputs.length;
    }

    /** What linear layer {@code depth}, counted from 1, puts out for {@code input}. */
    double[] output(double[] input, int depth) {
        double[] values = input;
        for (int layer = 0; layer < depth; layer++) {
            double[] sums = parameters.get(2 * layer + 1)[0].clone();
            double[][] weight = parameters.get(2 * layer);
            for (int o = 0; o < sums.length; o++) {
                for (int i = 0; i < values.length; i++) {
                    sums[o] += weight[o][i] * values[i];
                }
                sums[o] = layer < parameters.size() / 2 - 1 ? Math.max(0, sums[o]) : sums[o];
            }
            values = sums;
        }
        return values;
    }

    /** The loss's slope along element {@code column} of {@code row}, a row of one of the parameters. */
    double slope(double[] row, int column, double step) {
        double value = row[column];
        row[column] = value + step;
        double above = loss();
        row[column] = value - step;
        double below = loss();
        row[column] = value;
        return (above - below) / (2 * step);
    }
}
