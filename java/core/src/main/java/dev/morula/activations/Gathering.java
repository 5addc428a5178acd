package dev.morula.activations;

import dev.morula.kernel.Block;
import dev.morula.kernel.Kernels;
import dev.morula.kernel.Matrix;
import dev.morula.kernel.Workers;
import java.util.function.LongConsumer;

/** Fills a matrix of neurons x samples with the samples of one shard after the other. */
final class Gathering {
    /**
     * Neurons that are transposed together, at least: all samples of a panel are read before the next, so that its part of
     * the output stays in memory, and each sample's part of the input is long enough to be read at full speed.
     */
    private static final long PANEL_NEURONS = 16_384;

    private static final long PANEL_BYTES = 65_536;

    /** Samples of one call, in bytes of a neuron's row: few calls, near in time, fill a page of the output. */
    private static final long BLOCK_BYTES = 2_048;

    private static final int COPY_BYTES = 1 << 18;

    private final Matrix target;
    private final Kernels kernels;
    private final Workers workers;
    private final LongConsumer progress;
    private long firstSample;

    Gathering(Matrix target, Kernels kernels, Workers workers, LongConsumer progress) {
        this.target = target;
        this.kernels = kernels;
        this.workers = workers;
        this.progress = progress;
    }

    void append(Shard shard) {
        try (Matrix source = shard.array().map()) {
            if (shard.layout() == Layout.SAMPLES_FIRST) {
                transpose(source);
            } else {
                copy(source);
            }
        }
        firstSample += shard.samples();
    }

    private void transpose(Matrix source) {
        int bytes = source.type().bytes();
        long panels = Math.max(1, source.columns() / Math.max(PANEL_NEURONS, PANEL_BYTES / bytes));
        long samples = BLOCK_BYTES / bytes;
        long blocks = (source.rows() + samples - 1) / samples;
        workers.forEach(panels * blocks, (part, worker) -> {
            long panel = part / blocks;
            long neuron = source.columns() * panel / panels;
            long neurons = source.columns() * (panel + 1) / panels - neuron;
            long row = part % blocks * samples;
            Block block = new Block(row, Math.min(samples, source.rows() - row), neuron, neurons);
            kernels.transpose(target, firstSample + row, source, block);
            progress.accept(block.rows() * neurons * bytes);
        });
    }

    /** Copies the rows of neurons of a shard to their place in the longer rows of the target. */
    private void copy(Matrix source) {
        byte[][] buffers = new byte[workers.count()][];
        int most = COPY_BYTES / source.type().bytes();
        workers.forEach(source.rows(), (neuron, worker) -> {
            byte[] buffer = buffers[worker] == null ? buffers[worker] = new byte[COPY_BYTES] : buffers[worker];
            for (long sample = 0; sample < source.columns(); sample += most) {
                int length = (int) Math.min(most, source.columns() - sample);
                source.readBytes(neuron * source.columns() + sample, buffer, length);
                target.writeBytes(neuron * target.columns() + firstSample + sample, buffer, length);
            }
            progress.accept(source.columns() * source.type().bytes());
        });
    }
}
