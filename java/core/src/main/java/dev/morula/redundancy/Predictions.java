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

    /** Samples of which both say the same; one without a class agrees with nothing. */
    public static int agreeing(int[] some, int[] others) {
        int same = 0;
        for (int sample = 0; sample < some.length; sample++) {
            same += some[sample] == others[sample] && some[sample] != ReadOut.NO_CLASS ? 1 : 0;
        }
        return same;
    }
}
