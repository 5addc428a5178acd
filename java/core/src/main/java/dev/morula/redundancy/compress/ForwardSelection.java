package dev.morula.redundancy.compress;

import dev.morula.MorulaException;
import dev.morula.kernel.ElementType;
import dev.morula.kernel.Matrix;
import dev.morula.kernel.Workers;
import dev.morula.redundancy.Gram;
import dev.morula.redundancy.ReadOut;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Chooses neurons one by one: each time the one that, added to those kept, lets a linear fit of them explain the most of the
 * logits' variance over the Gram matrix's samples, ties by index (orthogonal least squares: Chen, Billings and Luo 1989). So
 * the choice for fewer neurons is the beginning of that for more. The fit itself comes with it, as a Cholesky factor in
 * float64 that grows by a row a neuron.
 *
 * <p>Measured beside it, by what share of test samples change their label for the same number of neurons kept and the same
 * fit: representatives of types do far worse, worse than random neurons, since a type's signal counts once however many
 * neurons it has and single neurons are many; pivoted Cholesky, which goes by the layer's variance alone, and forward
 * selection for the whole layer do up to a few times worse.
 *
 * <p>A step takes 2 k W operations for k neurons kept of W, and 8 W bytes.
 */
public final class ForwardSelection implements AutoCloseable {
    /** A neuron of whose variance less is left is not taken: its weight would be one that float32 cannot carry. */
    private static final double LEAST_SHARE = 1e-6;

    private static final int BLOCK = 1024; // neurons a part of parallel work

    private final Gram gram;
    private final ReadOut readOut;
    private final Workers workers;
    private final int neurons;
    private final int outputs;
    private final double[] variances; // of the activations, times the samples
    private final double[] left; // of these, once the kept neurons have explained what they can
    private final double[][] products; // a row an output: of each neuron with what is left of the logit
    private final double logitVariance;
    private final List<Integer> kept = new ArrayList<>();
    private final List<Matrix> factor = new ArrayList<>(); // a row a kept neuron: its part in every neuron
    private final List<double[]> coefficients = new ArrayList<>(); // of each logit, in the basis of the factor's rows

    /** Nothing is kept yet. The Gram matrix, of train activations, must stay open. */
    public ForwardSelection(Gram gram, ReadOut readOut, Workers workers) {
        this.gram = gram;
        this.readOut = readOut;
        this.workers = workers;
        this.neurons = gram.neurons();
        this.outputs = readOut.outputs();
        if (readOut.weight().columns() != neurons) {
            throw MorulaException.input(
                    "the read-out takes %d neurons, but the layer has %d",
                    readOut.weight().columns(), neurons);
        }
        this.variances = diagonal();
        this.left = variances.clone();
        this.products = new double[outputs][neurons];
        this.logitVariance = fillProducts();
        if (best() < 0) {
            throw MorulaException.input(
                    "all %d neurons have one value on all samples: none can stand for others", neurons);
        }
    }

    private double[] diagonal() {
        double[] diagonal = new double[neurons];
        for (int neuron = 0; neuron < neurons; neuron++) {
            gram.products().read((long) neuron * neurons + neuron, diagonal, neuron, 1);
            if (!Double.isFinite(diagonal[neuron])) {
                throw MorulaException.input("neuron %d is NaN or infinite on some sample", neuron);
            }
        }
        return diagonal;
    }

    /** Products of each neuron with each logit; returns the logits' variance, summed up and times the samples. */
    private double fillProducts() {
        double[][] weight = weight();
        workers.forEach((neurons + BLOCK - 1L) / BLOCK, (block, worker) -> {
            double[] row = new double[neurons];
            int first = (int) block * BLOCK;
            for (int neuron = first; neuron < Math.min(first + BLOCK, neurons); neuron++) {
                gram.products().read((long) neuron * neurons, row, 0, neurons);
                for (int output = 0; output < outputs; output++) {
                    products[output][neuron] = dot(row, weight[output]);
                }
            }
        });
        double variance = 0;
        for (int output = 0; output < outputs; output++) {
            variance += dot(products[output], weight[output]);
        }
        return variance;
    }

    private double[][] weight() {
        double[][] weight = new double[outputs][neurons];
        for (int output = 0; output < outputs; output++) {
            float[] row = readOut.weight().row(output);
            for (int neuron = 0; neuron < neurons; neuron++) {
                weight[output][neuron] = row[neuron];
            }
        }
        return weight;
    }

    private static double dot(double[] one, double[] other) {
        double sum = 0;
        for (int k = 0; k < one.length; k++) {
            sum += one[k] * other[k];
        }
        return sum;
    }

    /** Keeps up to {@code count} neurons in all, fewer where those explain all others. Returns how many are kept now. */
    public int keep(int count) {
        for (int best = best(); kept.size() < count && best >= 0; best = best()) {
            add(best);
        }
        return kept.size();
    }

    /** The neuron to add; -1 if there is none of which enough is left. */
    private int best() {
        int best = -1;
        double most = -1;
        for (int neuron = 0; neuron < neurons; neuron++) {
            if (left[neuron] > LEAST_SHARE * variances[neuron]) {
                double gain = 0;
                for (int output = 0; output < outputs; output++) {
                    gain += products[output][neuron] * products[output][neuron];
                }
                gain /= left[neuron];
                if (gain > most) {
                    most = gain;
                    best = neuron;
                }
            }
        }
        return best;
    }

    private void add(int neuron) {
        double norm = Math.sqrt(left[neuron]);
        double[] own = new double[outputs];
        for (int output = 0; output < outputs; output++) {
            own[output] = products[output][neuron] / norm;
        }
        double[] parts = new double[factor.size()];
        for (int k = 0; k < parts.length; k++) {
            factor.get(k).read(neuron, parts, k, 1);
        }
        Matrix row = Matrix.allocate(ElementType.F64, 1, neurons);
        factor.add(row);
        workers.forEach((neurons + BLOCK - 1L) / BLOCK, (block, worker) -> {
            int first = (int) block * BLOCK;
            double[] next = next(neuron, parts, norm, first, Math.min(BLOCK, neurons - first));
            explain(next, own, first);
            row.write(first, next, 0, next.length);
        });
        left[neuron] = 0;
        kept.add(neuron);
        coefficients.add(own);
    }

    /** The factor's next row, that of {@code neuron}, for {@code count} neurons from {@code first} on. */
    private double[] next(int neuron, double[] parts, double norm, int first, int count) {
        double[] next = new double[count];
        double[] before = new double[count];
        gram.products().read((long) neuron * neurons + first, next, 0, count);
        for (int row = 0; row < parts.length; row++) {
            factor.get(row).read(first, before, 0, count);
            for (int k = 0; k < count; k++) {
                next[k] -= parts[row] * before[k];
            }
        }
        for (int k = 0; k < count; k++) {
            next[k] /= norm;
        }
        return next;
    }

    /** Takes what {@code next} explains off what is left of the neurons from {@code first} on, and of the logits. */
    private void explain(double[] next, double[] own, int first) {
        for (int k = 0; k < next.length; k++) {
            left[first + k] -= next[k] * next[k];
        }
        for (int output = 0; output < outputs; output++) {
            for (int k = 0; k < next.length; k++) {
                products[output][first + k] -= own[output] * next[k];
            }
        }
    }

    /** The first {@code count} neurons kept, with the read-out's weights folded into theirs. */
    public Folding fold(int count) {
        if (count < 1 || count > kept.size()) {
            throw new IllegalArgumentException(count + " of " + kept.size() + " kept neurons");
        }
        double[][] solution = new double[count][];
        double[] basis = new double[neurons];
        for (int row = count - 1; row >= 0; row--) {
            solution[row] = coefficients.get(row).clone();
            factor.get(row).read(0, basis, 0, neurons);
            for (int output = 0; output < outputs; output++) {
                for (int later = row + 1; later < count; later++) {
                    solution[row][output] -= basis[kept.get(later)] * solution[later][output];
                }
                solution[row][output] /= basis[kept.get(row)];
            }
        }
        int[] order = kept.stream().limit(count).mapToInt(Integer::intValue).toArray();
        return Folding.of(order, solution, gram.means(), readOut, explained(count));
    }

    /** Share of the logits' variance that the first {@code count} neurons explain; null where the logits have none. */
    private Double explained(int count) {
        double sum = coefficients.stream()
                .limit(count)
                .flatMapToDouble(Arrays::stream)
                .map(part -> part * part)
                .sum();
        return logitVariance > 0 ? (Double) Math.min(1, sum / logitVariance) : null;
    }

    @Override
    public void close() {
        factor.forEach(Matrix::close);
    }
}
