package dev.morula.redundancy;

import dev.morula.kernel.Matrix;

/** The classes that logits mean. */
public final class Predictions {
    private Predictions() {}

    /** One class a row of {@code logits} (samples x outputs, F32), as {@link ReadOut#predicted} has it. */
    public static int[] of(Matrix logits) {
        int outputs = Math.toIntExact(logits.columns());
        int[] predicted = new int[Math.toIntExact(logits.rows())];
        for (int sample = 0; sample < predicted.length; sample++) {
            predicted[sample] = ReadOut.predicted(logits.row(sample), 0, outputs);
        }
        return predicted;
    }
}
