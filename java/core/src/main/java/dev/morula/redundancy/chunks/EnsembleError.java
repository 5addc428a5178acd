package dev.morula.redundancy.chunks;

import dev.morula.MorulaException;
import dev.morula.kernel.Matrix;
import dev.morula.redundancy.Estimate;
import dev.morula.redundancy.ReadOut;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Several networks that predict the same samples together, by the sum of their logits. */
public final class EnsembleError {
    private final List<float[]> logits; // a network each: samples x outputs
    private final int[] labels;
    private final int outputs;

    /**
     * @param logits samples x outputs (F32), one matrix a network; copied
     * @param labels one a sample
     */
    public EnsembleError(List<Matrix> logits, int[] labels) {
        this.labels = labels.clone();
        this.outputs = Math.toIntExact(logits.get(0).columns());
        this.logits = new ArrayList<>();
        for (Matrix network : logits) {
            if (network.rows() != labels.length || network.columns() != outputs) {
                throw MorulaException.input(
                        "ensemble: logits of a network are %d x %d; those of %d samples must be %d x %d",
                        network.rows(), network.columns(), labels.length, labels.length, outputs);
            }
            this.logits.add(network.reshape(1, network.rows() * outputs).row(0));
        }
    }

    int networks() {
        return logits.size();
    }

    int samples() {
        return labels.length;
    }

    /** The share of samples that the ensemble gets wrong, with its binomial standard error. */
    public Estimate error() {
        int[] each = new int[logits.size()];
        for (int network = 0; network < each.length; network++) {
            each[network] = network;
        }
        float[] once = new float[labels.length];
        Arrays.fill(once, 1);
        double error = error(each, once);
        return new Estimate(error, Math.sqrt(error * (1 - error) / labels.length));
    }

    /** The error of an ensemble of {@code networks}, one of which may come twice, where samples count so many times. */
    double error(int[] networks, float[] times) {
        float[] sums = new float[labels.length * outputs];
        for (int network : networks) {
            float[] own = logits.get(network);
            for (int k = 0; k < sums.length; k++) {
                sums[k] += own[k];
            }
        }
        double wrong = 0;
        double all = 0;
        for (int sample = 0; sample < labels.length; sample++) {
            all += times[sample];
            if (ReadOut.predicted(sums, sample * outputs, outputs) != labels[sample]) {
                wrong += times[sample];
            }
        }
        return wrong / all;
    }
}
