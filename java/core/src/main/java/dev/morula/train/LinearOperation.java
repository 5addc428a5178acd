package dev.morula.train;

import dev.morula.kernel.Activation;
import dev.morula.kernel.Block;
import dev.morula.kernel.ElementType;
import dev.morula.kernel.Matrix;
import java.util.ArrayList;
import java.util.List;

/**
 * A linear layer, with the ReLU that follows it where one does. The gradient of its weight is computed block by block and
 * handed over at once, so that on a processor it never leaves the cache and is never stored whole.
 */
final class LinearOperation implements Operation {
    /** A GPU steps along four numbers at once, if they begin where a multiple of them does. */
    private static final long VECTOR = 4;

    private final Site site;
    private final Parameter weight;
    private final Parameter bias;
    private final Activation activation;
    private final Activation inputActivation;
    private final Matrix out;
    private final Matrix noBias; // zeros, for a layer without a bias; null for others
    private final List<Block> weightBlocks;
    private final BatchMatrix gradients = new BatchMatrix();
    private Matrix dinp;
    private Matrix inp;

    /**
     * A layer at work.
     *
     * @param bias null if it has none
     * @param activation what is done to the output; its mask is left to the layer that reads it
     * @param inputActivation what made the input, if its mask is left to this layer
     */
    LinearOperation(Site site, Parameter weight, Parameter bias, Activation activation, Activation inputActivation) {
        this.site = site;
        this.weight = weight;
        this.bias = bias;
        this.activation = activation;
        this.inputActivation = inputActivation;
        this.out =
                Matrix.allocate(ElementType.F32, site.batch(), weight.values().rows());
        this.noBias = bias == null
                ? Matrix.allocate(ElementType.F32, 1, weight.values().rows())
                : null;
        this.weightBlocks =
                WorkSplit.product(weight.values().rows(), weight.values().columns(), site.batch(), site);
    }

    @Override
    public Matrix forward(Matrix inp, Phase phase) {
        this.inp = inp;
        Matrix result = out.slice(0, inp.rows());
        List<Block> blocks = WorkSplit.product(result.rows(), result.columns(), inp.columns(), site);
        Matrix added = bias == null ? noBias : bias.values();
        site.workers().forEach(blocks.size(), (part, worker) -> site.kernels()
                .products()
                .linearForward(result, inp, weight.values(), added, activation, blocks.get((int) part)));
        return result;
    }

    @Override
    public Matrix backward(Matrix dout, BackwardPass pass) {
        Matrix gradient = site.isFirst() ? null : inputGradient(dout, pass);
        Matrix read = inp;
        List<Task> tasks = new ArrayList<>();
        for (Block block : weightBlocks) {
            tasks.add(worker -> weightGradient(block, dout, read, pass, worker));
        }
        pass.later(tasks);
        return gradient;
    }

    private Matrix inputGradient(Matrix dout, BackwardPass pass) {
        if (dinp == null) {
            dinp = Matrix.allocate(
                    ElementType.F32, site.batch(), weight.values().columns());
        }
        Matrix result = dinp.slice(0, inp.rows());
        List<Task> tasks = new ArrayList<>();
        for (Block block : WorkSplit.product(result.rows(), result.columns(), dout.columns(), site)) {
            tasks.add(worker -> site.kernels()
                    .products()
                    .linearBackwardInput(result, dout, weight.values(), inp, inputActivation, block));
        }
        pass.run(tasks);
        return result;
    }

    private void weightGradient(Block block, Matrix dout, Matrix read, BackwardPass pass, int worker) {
        long elements = block.rows() * block.columns();
        long biasStart = (elements + VECTOR - 1) / VECTOR * VECTOR;
        Matrix memory = gradientMemory(worker, biasStart + block.rows());
        Matrix dweight = memory.reshape(memory.columns(), 1).slice(0, elements);
        Matrix dbias = memory.reshape(memory.columns(), 1).slice(biasStart, block.rows());
        site.kernels().products().linearBackwardWeight(dweight, dbias, dout, read, block);
        pass.gradient(weight, block, dweight);
        if (bias != null && block.firstColumn() == 0) {
            pass.gradient(bias, new Block(0, 1, block.firstRow(), block.rows()), dbias);
        }
    }

    /** A device that computes whole operations steps along all gradients together, and so keeps them until then. */
    private Matrix gradientMemory(int worker, long floats) {
        return site.kernels().computesWholeOperations()
                ? gradients.of(1, floats)
                : site.scratch().of(worker, floats);
    }

    @Override
    public void close() {
        out.close();
        gradients.close();
        if (noBias != null) {
            noBias.close();
        }
        if (dinp != null) {
            dinp.close();
        }
    }
}
