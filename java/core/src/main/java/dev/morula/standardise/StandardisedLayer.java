package dev.morula.standardise;

import dev.morula.MorulaException;
import dev.morula.activations.Excerpt;
import dev.morula.kernel.ElementType;
import dev.morula.kernel.Kernels;
import dev.morula.kernel.LayerView;
import dev.morula.kernel.LayerView.Order;
import dev.morula.kernel.Matrix;
import dev.morula.kernel.MatrixAllocator;
import dev.morula.kernel.Metric;
import dev.morula.kernel.Progress;
import dev.morula.kernel.Stage;
import dev.morula.kernel.Workers;
import java.util.stream.IntStream;

/**
 * A layer's raw activations with the moments of every neuron: everything a correlation needs, without a standardised
 * copy. With z_i = (a_i - mean_i) / norm(a_i - mean_i) the correlation of two neurons is z_i . z_j; for the cosine metric
 * the mean is taken as 0, and for Spearman's a_i are the ranks of the activations. States, means and deviations are always
 * those of the activations themselves.
 */
public final class StandardisedLayer implements AutoCloseable {
    // The fields of morula_moments that Java reads.
    private static final int INVERSE_NORM = 3;
    private static final int MEAN = 4;
    private static final int DEVIATION = 5;
    private static final int STATE = 6;
    private static final int FIRST_NON_FINITE = 7;

    private static final Stage STAGE = new Stage("standardise", Stage.Unit.NEURONS);
    private static final int BLOCK = 64; // neurons a part of parallel work: some milliseconds
    private static final int IN_PLACE_BLOCK = 512; // the same, read side by side from every sample

    private final LayerView view;
    private final Matrix owned; // values that are this layer's own: ranks, or an excerpt; else null
    private final double[] moments; // of the activations, even where the view is one of ranks
    private final int[] correlated;

    /** {@code measured}: the moments of the activations, which tell what correlates: equal values have equal ranks. */
    private StandardisedLayer(LayerView view, Matrix owned, Matrix measured) {
        this.view = view;
        this.owned = owned;
        this.moments = new double[Math.toIntExact(view.neurons() * Kernels.MOMENTS)];
        measured.read(0, moments, 0, moments.length);
        this.correlated = IntStream.range(0, neurons())
                .filter(neuron -> field(neuron, INVERSE_NORM) > 0)
                .toArray();
    }

    /**
     * Measures every neuron of {@code values} (neurons x samples, raw; at least 2 samples), and ranks them in memory if the
     * metric is Spearman's. The layer does not own {@code values}.
     */
    public static StandardisedLayer measure(
            Matrix values, Metric metric, Kernels kernels, Workers workers, Progress progress) {
        return measure(values, metric, Matrix::allocate, kernels, workers, progress);
    }

    /** The same, with the matrix of ranks, as large as {@code values}, from {@code allocator}; the layer owns it. */
    public static StandardisedLayer measure(
            Matrix values,
            Metric metric,
            MatrixAllocator allocator,
            Kernels kernels,
            Workers workers,
            Progress progress) {
        if (metric == Metric.SPEARMAN) {
            return measureRanks(values, allocator, kernels, workers, progress);
        }
        Matrix moments = moments(values, metric, kernels, workers, progress);
        return new StandardisedLayer(new LayerView(values, moments), null, moments);
    }

    private static StandardisedLayer measureRanks(
            Matrix values, MatrixAllocator allocator, Kernels kernels, Workers workers, Progress progress) {
        try (Matrix measured = moments(values, Metric.PEARSON, kernels, workers, progress)) {
            Matrix ranks = Ranks.of(values, allocator, kernels, workers, progress);
            try {
                Matrix moments = moments(ranks, Metric.PEARSON, kernels, workers, progress);
                return new StandardisedLayer(new LayerView(ranks, moments), ranks, measured);
            } catch (RuntimeException | Error e) {
                ranks.close();
                throw e;
            }
        }
    }

    private static Matrix moments(Matrix values, Metric metric, Kernels kernels, Workers workers, Progress progress) {
        Matrix moments = Matrix.allocate(ElementType.F64, values.rows(), Kernels.MOMENTS);
        long blocks = (values.rows() + BLOCK - 1) / BLOCK;
        try {
            workers.forEach(blocks, (block, worker) -> {
                long first = block * BLOCK;
                long count = Math.min(BLOCK, values.rows() - first);
                kernels.moments(moments.slice(first, count), values.slice(first, count), metric);
                if (worker == 0) {
                    progress.report(STAGE, first, values.rows());
                }
            });
            progress.report(STAGE, values.rows(), values.rows());
            return moments;
        } catch (RuntimeException | Error e) {
            moments.close();
            throw e;
        }
    }

    /**
     * Measures every neuron of {@code values} as they lie, samples x neurons with elements of 2 or 4 bytes, by Pearson's
     * metric or cosine. Nothing is copied, and the layer does not own {@code values}; kernels that want neuron-major values
     * take an {@link #excerpt}.
     */
    public static StandardisedLayer measureInPlace(
            Matrix values, Metric metric, Kernels kernels, Workers workers, Progress progress) {
        Matrix moments = Matrix.allocate(ElementType.F64, values.columns(), Kernels.MOMENTS);
        LayerView view = new LayerView(values, moments, Order.SAMPLE_MAJOR);
        long blocks = (values.columns() + IN_PLACE_BLOCK - 1) / IN_PLACE_BLOCK;
        try {
            workers.forEach(blocks, (block, worker) -> {
                long first = block * IN_PLACE_BLOCK;
                long count = Math.min(IN_PLACE_BLOCK, values.columns() - first);
                kernels.columnMoments(moments.slice(first, count), view, first, metric);
                if (worker == 0) {
                    progress.report(STAGE, first, values.columns());
                }
            });
            progress.report(STAGE, values.columns(), values.columns());
            return new StandardisedLayer(view, null, moments);
        } catch (RuntimeException | Error e) {
            moments.close();
            throw e;
        }
    }

    /** Some neurons as a layer of their own, neuron-major: neuron i of it is {@code neurons[i]} of this one. */
    public StandardisedLayer excerpt(int[] neurons, Kernels kernels) {
        return excerpt(neurons, Excerpt.values(view, neurons, kernels));
    }

    /** The same, copied by several threads. */
    public StandardisedLayer excerpt(int[] neurons, Kernels kernels, Workers workers) {
        return excerpt(neurons, Excerpt.values(view, neurons, kernels, workers));
    }

    private StandardisedLayer excerpt(int[] neurons, Matrix values) {
        Matrix copied = Matrix.allocate(ElementType.F64, neurons.length, Kernels.MOMENTS);
        for (int i = 0; i < neurons.length; i++) {
            view.moments()
                    .copyTo((long) neurons[i] * Kernels.MOMENTS, copied, (long) i * Kernels.MOMENTS, Kernels.MOMENTS);
        }
        return new StandardisedLayer(new LayerView(values, copied), values, copied);
    }

    /**
     * Fails if a neuron is NaN or infinite on some sample, naming the first one. Without this call such neurons keep their
     * index and have no edges.
     *
     * @param name of the layer, for the message
     */
    public void requireFinite(String name) {
        for (int neuron = 0; neuron < neurons(); neuron++) {
            if (state(neuron) == NeuronState.NON_FINITE) {
                throw MorulaException.input(
                        "%s: neuron %,d is NaN or infinite at sample %,d; drop such neurons with --drop-nonfinite",
                        name, neuron, (long) field(neuron, FIRST_NON_FINITE));
            }
        }
    }

    /** The layer as the kernels take it. */
    public LayerView view() {
        return view;
    }

    public int neurons() {
        return Math.toIntExact(view.neurons());
    }

    public long samples() {
        return view.samples();
    }

    public NeuronState state(int neuron) {
        return NeuronState.values()[(int) field(neuron, STATE)];
    }

    /** How many neurons are in {@code state}. */
    public int count(NeuronState state) {
        return (int) IntStream.range(0, neurons())
                .filter(neuron -> state(neuron) == state)
                .count();
    }

    /** Mean activation over the samples; NaN for a non-finite neuron. */
    public double mean(int neuron) {
        return state(neuron) == NeuronState.NON_FINITE ? Double.NaN : field(neuron, MEAN);
    }

    /** Population standard deviation over the samples; NaN for a non-finite neuron. */
    public double deviation(int neuron) {
        return state(neuron) == NeuronState.NON_FINITE ? Double.NaN : field(neuron, DEVIATION);
    }

    /** The neurons that have a correlation with others, ascending. */
    public int[] correlated() {
        return correlated.clone();
    }

    private double field(int neuron, int field) {
        return moments[neuron * Kernels.MOMENTS + field];
    }

    /** Frees the moments and what values this layer owns: ranks, or those of an excerpt. */
    @Override
    public void close() {
        view.moments().close();
        if (owned != null) {
            owned.close();
        }
    }
}
