package dev.morula.redundancy.chunks;

import dev.morula.kernel.Block;
import dev.morula.kernel.ElementType;
import dev.morula.kernel.Kernels;
import dev.morula.kernel.Matrix;
import dev.morula.kernel.Workers;
import dev.morula.redundancy.Features;
import dev.morula.redundancy.ReadOut;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Predicts every sample with every chunk. Samples come in tiles that are transposed, so that a neuron's contribution to
 * the logits of a tile is one vectorised loop, and neurons outside a chunk cost nothing. A logit is summed in the order of the chunk's neurons, whatever
 * the tile.
 */
final class ChunkPredictions {
    private static final int MOST_SAMPLES = 256; // of a tile: logits of 10 outputs then stay in the first cache
    private static final int LEAST_SAMPLES = 16;
    private static final int TILE_NUMBERS = 1 << 20;

    private final Features features;
    private final List<int[][]> sets;
    private final int outputs;
    private final Matrix weight;
    private final Matrix bias; // 1 x outputs
    private final int tile; // samples
    private final float[][] sharesWrong; // a row a set
    private final List<AtomicLongArray> wrong = new ArrayList<>(); // of a set: samples that a chunk gets wrong

    ChunkPredictions(Features features, ReadOut readOut, List<int[][]> sets) {
        readOut.requireFit(features);
        this.features = features;
        this.sets = sets;
        this.outputs = readOut.outputs();
        this.weight = readOut.weight();
        this.bias = readOut.bias().reshape(1, outputs);
        this.tile = Math.max(LEAST_SAMPLES, Math.min(MOST_SAMPLES, TILE_NUMBERS / features.neurons()));
        this.sharesWrong = new float[sets.size()][features.samples()];
        sets.forEach(chunks -> wrong.add(new AtomicLongArray(chunks.length)));
    }

    List<ChunkErrors> errors(Kernels kernels, Workers workers) {
        List<Tile> tiles = new ArrayList<>();
        try {
            for (int worker = 0; worker < workers.count(); worker++) {
                tiles.add(new Tile(kernels));
            }
            workers.forEach((features.samples() + tile - 1L) / tile, (part, worker) -> tiles.get(worker)
                    .predict((int) part * tile));
        } finally {
            tiles.forEach(Tile::close);
        }
        List<ChunkErrors> errors = new ArrayList<>();
        for (int set = 0; set < sets.size(); set++) {
            errors.add(errors(set));
        }
        return errors;
    }

    private ChunkErrors errors(int set) {
        double[] errors = new double[sets.get(set).length];
        for (int chunk = 0; chunk < errors.length; chunk++) {
            errors[chunk] = (double) wrong.get(set).get(chunk) / features.samples();
        }
        for (int sample = 0; sample < features.samples(); sample++) {
            sharesWrong[set][sample] /= errors.length;
        }
        return new ChunkErrors(sets.get(set)[0].length, errors, sharesWrong[set]);
    }

    /** What one worker has: some samples' activations, and logits of one chunk. */
    private final class Tile implements AutoCloseable {
        private final Kernels kernels;
        private final Matrix transposed = Matrix.allocate(ElementType.F32, features.neurons(), tile);
        private final Matrix logits = Matrix.allocate(ElementType.F32, outputs, tile);
        private final float[] read = new float[outputs * tile]; // outputs x samples
        private final float[] ofSample = new float[outputs];

        Tile(Kernels kernels) {
            this.kernels = kernels;
        }

        void predict(int first) {
            int samples = Math.min(tile, features.samples() - first);
            Matrix activations = cut(transposed, samples);
            Matrix found = cut(logits, samples);
            Block block = new Block(first, samples, 0, features.neurons());
            kernels.transposeBlock(activations, features.activations(), block);
            for (int set = 0; set < sets.size(); set++) {
                int[][] chunks = sets.get(set);
                for (int chunk = 0; chunk < chunks.length; chunk++) {
                    kernels.algebra().chunkLogits(found, activations, chunks[chunk], weight, bias);
                    found.read(0, read, 0, outputs * samples);
                    wrong.get(set).addAndGet(chunk, countWrong(sharesWrong[set], first, samples));
                }
            }
        }

        /** The memory of {@code whole} as a matrix of fewer columns. */
        private Matrix cut(Matrix whole, int columns) {
            long numbers = whole.rows() * whole.columns();
            return whole.reshape(numbers, 1).slice(0, whole.rows() * columns).reshape(whole.rows(), columns);
        }

        private int countWrong(float[] timesWrong, int first, int samples) {
            int count = 0;
            for (int sample = 0; sample < samples; sample++) {
                for (int output = 0; output < outputs; output++) {
                    ofSample[output] = read[output * samples + sample];
                }
                if (ReadOut.predicted(ofSample, 0, outputs) != features.labels()[first + sample]) {
                    timesWrong[first + sample]++;
                    count++;
                }
            }
            return count;
        }

        @Override
        public void close() {
            transposed.close();
            logits.close();
        }
    }
}
