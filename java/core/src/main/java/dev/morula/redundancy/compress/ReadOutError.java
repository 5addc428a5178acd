package dev.morula.redundancy.compress;

import dev.morula.kernel.ElementType;
import dev.morula.kernel.Kernels;
import dev.morula.kernel.Matrix;
import dev.morula.kernel.Workers;
import dev.morula.redundancy.Features;
import dev.morula.redundancy.ReadOut;
import java.util.concurrent.atomic.AtomicLong;

/** The share of samples that a read-out gets wrong. */
public final class ReadOutError {
    private static final long BLOCK = 512; // samples a part of parallel work

    private ReadOutError() {}

    /** Of {@code folding} in place of the layer's read-out. */
    public static double of(Features features, Folding folding, Kernels kernels, Workers workers) {
        ReadOut spread = folding.spread(features.neurons());
        try (Matrix weight = spread.weight();
                Matrix bias = spread.bias()) {
            return of(features, new ReadOut(weight, bias), kernels, workers);
        }
    }

    /** Of a read-out of all neurons. A sample with a logit that is not a number is wrong. */
    public static double of(Features features, ReadOut readOut, Kernels kernels, Workers workers) {
        float[] bias = readOut.bias().reshape(1, readOut.outputs()).row(0);
        AtomicLong correct = new AtomicLong();
        workers.forEach((features.samples() + BLOCK - 1) / BLOCK, (block, worker) -> {
            long first = block * BLOCK;
            long count = Math.min(BLOCK, features.samples() - first);
            try (Matrix logits = Matrix.allocate(ElementType.F32, count, bias.length)) {
                kernels.product(logits, features.activations().slice(first, count), readOut.weight());
                correct.addAndGet(correct(logits, bias, features.labels(), (int) first));
            }
        });
        return 1 - (double) correct.get() / features.samples();
    }

    private static long correct(Matrix logits, float[] bias, int[] labels, int first) {
        long correct = 0;
        for (int sample = 0; sample < logits.rows(); sample++) {
            float[] row = logits.row(sample);
            for (int output = 0; output < bias.length; output++) {
                row[output] += bias[output];
            }
            correct += ReadOut.predicted(row, 0, bias.length) == labels[first + sample] ? 1 : 0;
        }
        return correct;
    }
}
