package dev.morula.prepare;

import dev.morula.RandomNumbers;
import dev.morula.RandomNumbers.Stream;
import dev.morula.kernel.ElementType;
import dev.morula.kernel.Kernels;
import dev.morula.kernel.Matrix;
import dev.morula.kernel.SampleKernels;
import dev.morula.network.Shape;

/**
 * The samples of an epoch in random order, batch by batch. Order and augmentation depend on the seed and the number of the
 * epoch alone, so that a run that is taken up again repeats what the first would have done.
 */
public final class Batches implements AutoCloseable {
    private final Kernels kernels;
    private final Samples samples;
    private final Shape shape;
    private final Augmentation augmentation;
    private final long seed;
    private final Samples batch;
    private final Matrix indices;
    private final Matrix moves;
    private final int[] labels;
    private int[] order;
    private int[] moved;

    /** Batches of {@code size} of {@code samples}, each of that shape; the last of an epoch may have fewer. */
    public Batches(Kernels kernels, Samples samples, Shape shape, int size, Augmentation augmentation, long seed) {
        augmentation.requireFit(shape);
        this.kernels = kernels;
        this.samples = samples;
        this.shape = shape;
        this.augmentation = augmentation;
        this.seed = seed;
        batch = Samples.allocate(size, shape);
        indices = Matrix.allocate(ElementType.I32, size, 1);
        moves = Matrix.allocate(ElementType.I32, size, Augmentation.NUMBERS);
        labels = new int[Math.toIntExact(samples.count())];
        samples.labels().read(0, labels, 0, labels.length);
    }

    /** Puts the samples into the order of epoch {@code epoch}. */
    public void shuffle(int epoch) {
        order = RandomNumbers.of(seed, Stream.ORDER, epoch).permutation(labels.length);
        moved = augmentation.moves(labels.length, RandomNumbers.of(seed, Stream.AUGMENTATION, epoch));
    }

    /** Samples of an epoch. */
    public int samples() {
        return labels.length;
    }

    /** Batches of an epoch. */
    public int count() {
        return (labels.length + size() - 1) / size();
    }

    private int size() {
        return Math.toIntExact(batch.count());
    }

    /** Batch {@code number}, counted from 0, of the epoch last shuffled for; valid until the next is asked for. */
    public Samples get(int number) {
        int first = Math.multiplyExact(number, size());
        int count = Math.min(size(), labels.length - first);
        Samples gathered = batch.slice(0, count);
        int[] chosen = new int[count];
        for (int i = 0; i < count; i++) {
            chosen[i] = labels[order[first + i]];
        }
        gathered.labels().write(0, chosen, 0, count);
        indices.write(0, order, first, count);
        if (augmentation.isNone()) {
            kernels.samples().gatherRows(rows(gathered), rows(samples), indices.slice(0, count));
        } else {
            moves.write(0, moved, first * Augmentation.NUMBERS, count * Augmentation.NUMBERS);
            kernels.samples()
                    .gatherImages(
                            gathered.inputs(),
                            samples.inputs(),
                            indices.slice(0, count),
                            moves.slice(0, count),
                            new SampleKernels.Images(shape.height(), shape.width(), augmentation.border()));
        }
        return gathered;
    }

    /** The inputs with one row a sample. */
    private Matrix rows(Samples some) {
        return some.inputs().reshape(some.count(), shape.size());
    }

    @Override
    public void close() {
        batch.close();
        indices.close();
        moves.close();
    }
}
