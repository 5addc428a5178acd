package dev.morula.redundancy.compress;

import dev.morula.kernel.Kernels;
import dev.morula.kernel.Matrix;
import dev.morula.kernel.Workers;
import dev.morula.redundancy.Features;
import dev.morula.redundancy.Predictions;
import dev.morula.redundancy.ReadOut;

/** The share of samples that a read-out gets wrong. */
public final class ReadOutError {
    private ReadOutError() {}

    /** Of {@code folding} in place of the layer's read-out. */
    public static double of(Features features, Folding folding, Kernels kernels, Workers workers) {
        try (ReadOut spread = folding.spread(features.neurons())) {
            return of(features, spread, kernels, workers);
        }
    }

    /** Of a read-out of all neurons. A sample with a logit that is not a number is wrong. */
    public static double of(Features features, ReadOut readOut, Kernels kernels, Workers workers) {
        try (Matrix logits = readOut.logits(features, kernels, workers)) {
            int[] predicted = Predictions.of(logits);
            return 1 - (double) Predictions.agreeing(predicted, features.labels()) / predicted.length;
        }
    }
}
