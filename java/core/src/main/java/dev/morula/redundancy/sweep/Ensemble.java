package dev.morula.redundancy.sweep;

import dev.morula.kernel.Matrix;
import dev.morula.redundancy.Estimate;
import dev.morula.redundancy.ReadOut;
import java.util.List;

/** Several networks that add their logits. */
final class Ensemble {
    private Ensemble() {}

    /**
     * Share of samples that they get wrong together, with its standard error over samples.
     *
     * @param logits of each network, samples x outputs, F32
     * @param labels one a sample
     */
    static Estimate error(List<Matrix> logits, int[] labels) {
        int outputs = Math.toIntExact(logits.get(0).columns());
        float[] sums = new float[labels.length * outputs];
        float[] row = new float[sums.length];
        for (Matrix network : logits) {
            network.read(0, row, 0, row.length);
            for (int k = 0; k < row.length; k++) {
                sums[k] += row[k];
            }
        }
        int wrong = 0;
        for (int sample = 0; sample < labels.length; sample++) {
            wrong += ReadOut.predicted(sums, sample * outputs, outputs) == labels[sample] ? 0 : 1;
        }
        double error = (double) wrong / labels.length;
        return new Estimate(error, Math.sqrt(error * (1 - error) / labels.length));
    }
}
