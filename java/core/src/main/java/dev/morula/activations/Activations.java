package dev.morula.activations;

import dev.morula.MorulaException;
import dev.morula.data.TensorPath;
import dev.morula.kernel.Block;
import dev.morula.kernel.ElementType;
import dev.morula.kernel.Kernels;
import dev.morula.kernel.LayerView;
import dev.morula.kernel.LayerView.Order;
import dev.morula.kernel.Matrix;
import dev.morula.kernel.MatrixAllocator;
import dev.morula.kernel.Workers;
import java.util.List;
import java.util.function.LongConsumer;

/**
 * The stored activations of one layer: one or more files whose samples follow each other, all with the same neurons and
 * element type. Opening reads headers only.
 */
public final class Activations {
    private final List<Shard> shards;

    private Activations(List<Shard> shards) {
        this.shards = shards;
    }

    /**
     * Opens the files {@code paths}, each {@code PATH[:TENSOR]} with a matrix of the given layout.
     *
     * @throws MorulaException of kind INPUT that names the file, if one is not such a matrix, does not fit the first one,
     *     or all together have fewer than two samples
     */
    public static Activations open(List<String> paths, Layout layout) {
        if (paths.isEmpty()) {
            throw MorulaException.usage("no file of activations was given");
        }
        List<Shard> shards = paths.stream()
                .map(path -> Shard.of(TensorPath.parse(path).open(), layout))
                .toList();
        Activations activations = new Activations(shards);
        shards.forEach(activations::requireFit);
        if (activations.samples() < 2) {
            throw MorulaException.input(
                    "%s: has one sample of %d neurons; a correlation needs at least two",
                    paths.get(0), activations.neurons());
        }
        return activations;
    }

    private void requireFit(Shard shard) {
        if (shard.neurons() != neurons() || shard.array().type() != type()) {
            throw MorulaException.input(
                    "%s: has %d neurons of type %s, but %s has %d of type %s; shards must agree",
                    shard.array().name(),
                    shard.neurons(),
                    shard.array().type(),
                    shards.get(0).array().name(),
                    neurons(),
                    type());
        }
    }

    public long neurons() {
        return shards.get(0).neurons();
    }

    /** Number of samples of all files together. */
    public long samples() {
        return shards.stream().mapToLong(Shard::samples).sum();
    }

    public ElementType type() {
        return shards.get(0).array().type();
    }

    /** What messages call them: the first file, which is one of several. */
    String name() {
        return shards.get(0).array().name() + (shards.size() > 1 ? " and its shards" : "");
    }

    /** Copies all of them to {@code target}, neurons x samples, whose type holds them exactly. */
    void gather(Matrix target, MatrixAllocator allocator, Kernels kernels, Workers workers, LongConsumer progress) {
        if (target.type() == type()) {
            Gathering gathering = new Gathering(target, kernels, workers, progress);
            shards.forEach(gathering::append);
        } else {
            try (Matrix own = neuronMajor(allocator, kernels, workers, progress)) {
                Widening.copy(own, target, workers);
            }
        }
    }

    /** Size of all activations in bytes. */
    public long bytes() {
        return shards.stream().mapToLong(shard -> shard.array().bytes()).sum();
    }

    /** Whether {@link #neuronMajor} maps the file as it is, and so needs no memory. */
    public boolean isNeuronMajor() {
        Shard first = shards.get(0);
        return shards.size() == 1
                && first.layout() == Layout.NEURONS_FIRST
                && first.array().isAligned();
    }

    /** Whether {@link #sampleMajor} can map the file as it is: one file, samples first, of elements of 2 or 4 bytes. */
    public boolean isSampleMajor() {
        return shards.size() == 1
                && shards.get(0).layout() == Layout.SAMPLES_FIRST
                && type().bytes() <= ElementType.F32.bytes();
    }

    /** All activations as samples x neurons, raw and in their own type, mapped read-only. The caller closes them. */
    public Matrix sampleMajor() {
        return shards.get(0).array().map();
    }

    /** The raw activations of some neurons, neurons x samples. The caller closes them. */
    public Matrix excerpt(int[] neurons, Kernels kernels) {
        Matrix excerpt = Matrix.allocate(type(), neurons.length, samples());
        try {
            long firstSample = 0;
            for (Shard shard : shards) {
                copyExcerpt(excerpt, firstSample, shard, neurons, kernels);
                firstSample += shard.samples();
            }
            return excerpt;
        } catch (RuntimeException | Error e) {
            excerpt.close();
            throw e;
        }
    }

    private static void copyExcerpt(Matrix excerpt, long firstSample, Shard shard, int[] neurons, Kernels kernels) {
        Order order = shard.layout() == Layout.SAMPLES_FIRST ? Order.SAMPLE_MAJOR : Order.NEURON_MAJOR;
        try (Matrix source = shard.array().map();
                Matrix part = Excerpt.values(new LayerView(source, null, order), neurons, kernels)) {
            for (int i = 0; i < neurons.length; i++) {
                part.copyTo(i * shard.samples(), excerpt, i * excerpt.columns() + firstSample, shard.samples());
            }
        }
    }

    /** All activations as samples x neurons, F32, to which F64 is rounded. The caller closes them. */
    public Matrix floats(Kernels kernels, Workers workers) {
        Matrix floats = Matrix.allocate(ElementType.F32, samples(), neurons());
        try {
            long firstSample = 0;
            for (Shard shard : shards) {
                copyFloats(shard, floats.slice(firstSample, shard.samples()), kernels, workers);
                firstSample += shard.samples();
            }
            return floats;
        } catch (RuntimeException | Error e) {
            floats.close();
            throw e;
        }
    }

    private static void copyFloats(Shard shard, Matrix target, Kernels kernels, Workers workers) {
        try (Matrix source = shard.array().map()) {
            if (shard.layout() == Layout.SAMPLES_FIRST) {
                Widening.copy(source, target, workers);
                return;
            }
            try (Matrix turned = Matrix.allocate(source.type(), source.columns(), source.rows())) {
                kernels.transpose(turned, 0, source, Block.whole(source.rows(), source.columns()));
                Widening.copy(turned, target, workers);
            }
        }
    }

    /**
     * All activations as neurons x samples, raw and in their own type: mapped read-only where {@link #isNeuronMajor()},
     * else gathered into a matrix of {@code allocator}. The caller closes it.
     *
     * @param progress is told, from any worker, how many bytes of {@link #bytes()} were read since it was last told
     */
    public Matrix neuronMajor(MatrixAllocator allocator, Kernels kernels, Workers workers, LongConsumer progress) {
        if (isNeuronMajor()) {
            Matrix mapped = shards.get(0).array().map();
            progress.accept(bytes());
            return mapped;
        }
        Matrix gathered = allocator.allocate(type(), neurons(), samples());
        try {
            Gathering gathering = new Gathering(gathered, kernels, workers, progress);
            shards.forEach(gathering::append);
            return gathered;
        } catch (RuntimeException | Error e) {
            gathered.close();
            throw e;
        }
    }
}
