package dev.morula.redundancy.compress;

import dev.morula.kernel.Workers;
import dev.morula.redundancy.Gram;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;

/**
 * Where dropped neurons went.
 *
 * @param merged each with the kept neuron that it is most correlated with, ascending
 * @param constant dropped neurons with one value on every train sample, which went into the bias; ascending
 */
public record Merges(List<Merge> merged, int[] constant) {
    /**
     * A dropped neuron.
     *
     * @param representative the kept neuron with which its absolute correlation is largest, ties by index
     * @param correlation of the two on train samples
     */
    public record Merge(int neuron, int representative, double correlation) {}

    /** Of those that {@code kept}, ascending, leaves out. */
    public static Merges of(Gram gram, int[] kept, Workers workers) {
        int neurons = gram.neurons();
        double[] norms = new double[neurons];
        for (int neuron = 0; neuron < neurons; neuron++) {
            gram.products().read((long) neuron * neurons + neuron, norms, neuron, 1);
            norms[neuron] = Math.sqrt(norms[neuron]);
        }
        int[] dropped = IntStream.range(0, neurons)
                .filter(neuron -> Arrays.binarySearch(kept, neuron) < 0)
                .toArray();
        Merge[] merges = new Merge[dropped.length];
        workers.forEach(dropped.length, (place, worker) -> {
            int neuron = dropped[(int) place];
            double[] row = new double[neurons];
            gram.products().read((long) neuron * neurons, row, 0, neurons);
            merges[(int) place] = norms[neuron] > 0 ? strongest(neuron, row, norms, kept) : null;
        });
        int[] constant =
                IntStream.of(dropped).filter(neuron -> !(norms[neuron] > 0)).toArray();
        List<Merge> merged = new ArrayList<>(Arrays.asList(merges));
        merged.removeIf(Objects::isNull);
        return new Merges(merged, constant);
    }

    private static Merge strongest(int neuron, double[] row, double[] norms, int[] kept) {
        int best = kept[0];
        double most = 0;
        for (int other : kept) {
            double correlation = row[other] / (norms[neuron] * norms[other]);
            if (Math.abs(correlation) > Math.abs(most)) {
                most = correlation;
                best = other;
            }
        }
        return new Merge(neuron, best, Math.max(-1, Math.min(1, most)));
    }
}
