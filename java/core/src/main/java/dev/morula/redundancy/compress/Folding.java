package dev.morula.redundancy.compress;

import dev.morula.kernel.ElementType;
import dev.morula.kernel.Matrix;
import dev.morula.redundancy.ReadOut;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * A read-out of some neurons in place of all: each dropped neuron is predicted by the kept ones, with an intercept, and its
 * weights are added to theirs. It is the least-squares fit of the logits.
 *
 * @param kept neurons, ascending
 * @param weight outputs x kept neurons
 * @param bias one an output
 * @param explained share of the logits' variance on train samples that this read-out keeps, 0 to 1; null if they have none
 */
public record Folding(int[] kept, float[][] weight, float[] bias, Double explained) {
    /** Of neurons in the order {@code kept}, a row each in {@code solution}: their weights for each output. */
    static Folding of(int[] kept, double[][] solution, double[] means, ReadOut readOut, Double explained) {
        int outputs = readOut.outputs();
        int[] places = IntStream.range(0, kept.length)
                .boxed()
                .sorted((a, b) -> Integer.compare(kept[a], kept[b]))
                .mapToInt(Integer::intValue)
                .toArray();
        float[][] weight = new float[outputs][kept.length];
        float[] bias = readOut.bias().reshape(1, outputs).row(0);
        for (int output = 0; output < outputs; output++) {
            double intercept = bias[output];
            float[] before = readOut.weight().row(output);
            for (int neuron = 0; neuron < before.length; neuron++) {
                intercept += before[neuron] * means[neuron];
            }
            for (int k = 0; k < kept.length; k++) {
                weight[output][k] = (float) solution[places[k]][output];
                intercept -= weight[output][k] * means[kept[places[k]]];
            }
            bias[output] = (float) intercept;
        }
        int[] ascending = Arrays.stream(places).map(place -> kept[place]).toArray();
        return new Folding(ascending, weight, bias, explained);
    }

    /** The original weights of {@code kept}, and the original bias: what dropping alone leaves. */
    public static Folding none(int[] kept, ReadOut readOut) {
        float[][] weight = new float[readOut.outputs()][kept.length];
        for (int output = 0; output < weight.length; output++) {
            float[] before = readOut.weight().row(output);
            for (int k = 0; k < kept.length; k++) {
                weight[output][k] = before[kept[k]];
            }
        }
        return new Folding(
                kept, weight, readOut.bias().reshape(1, readOut.outputs()).row(0), null);
    }

    /** The same logits from all {@code neurons} neurons, dropped ones with weights of 0. The caller closes both matrices. */
    public ReadOut spread(int neurons) {
        Matrix all = Matrix.allocate(ElementType.F32, weight.length, neurons);
        for (int output = 0; output < weight.length; output++) {
            float[] row = new float[neurons];
            for (int k = 0; k < kept.length; k++) {
                row[kept[k]] = weight[output][k];
            }
            all.write((long) output * neurons, row, 0, neurons);
        }
        Matrix shift = Matrix.allocate(ElementType.F32, 1, bias.length);
        shift.write(0, bias, 0, bias.length);
        return new ReadOut(all, shift);
    }
}
