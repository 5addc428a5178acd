package dev.morula.train;

import dev.morula.MorulaException;
import dev.morula.kernel.Activation;
import dev.morula.kernel.BatchNormParameters;
import dev.morula.kernel.Block;
import dev.morula.kernel.ElementType;
import dev.morula.kernel.LayerKernels;
import dev.morula.kernel.Matrix;
import dev.morula.network.BatchNorm;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Batch normalisation, with the ReLU that follows it where one does.
 *
 * <p>A batch with few rows is cut across its channels, so that a worker does all there is to do to its channels at once; one
 * with many is cut across its rows, whose sums are put together in between.
 */
final class BatchNormOperation implements Operation {
    private final BatchNorm layer;
    private final Site site;
    private final LayerKernels kernels;
    private final Parameter scale;
    private final Parameter shift;
    private final BatchNormParameters parameters;
    private final Activation fused;
    private final Matrix sums;
    private final List<Matrix> parts;
    private final Matrix terms;
    private final Matrix slopes;
    private final Matrix dscale;
    private final Matrix dshift;
    private final BatchMatrix outputs = new BatchMatrix();
    private final BatchMatrix inputGradients = new BatchMatrix();
    private Matrix inp;
    private Matrix out;

    BatchNormOperation(
            BatchNorm layer,
            Site site,
            Parameter scale,
            Parameter shift,
            Parameter mean,
            Parameter variance,
            Activation fused) {
        this.layer = layer;
        this.site = site;
        this.kernels = site.kernels().layers();
        this.scale = scale;
        this.shift = shift;
        this.fused = fused;
        int channels = layer.channels();
        int workers = site.workers().count();
        parameters = new BatchNormParameters(
                scale.values(),
                shift.values(),
                mean.values(),
                variance.values(),
                BatchNorm.EPSILON,
                BatchNorm.MOMENTUM);
        sums = Matrix.allocate(ElementType.F64, workers, 2L * channels);
        parts = IntStream.range(0, workers)
                .mapToObj(part -> sums.slice(part, 1))
                .toList();
        terms = Matrix.allocate(ElementType.F32, LayerKernels.BATCH_NORM_TERMS, channels);
        slopes = Matrix.allocate(ElementType.F32, LayerKernels.BATCH_NORM_SLOPES, channels);
        dscale = Matrix.allocate(ElementType.F32, 1, channels);
        dshift = Matrix.allocate(ElementType.F32, 1, channels);
    }

    @Override
    public Matrix forward(Matrix batch, Phase phase) {
        inp = batch;
        out = outputs.like(batch);
        List<Block> blocks = WorkSplit.channels(inp.rows(), inp.columns(), site);
        if (phase == Phase.EVALUATION) {
            kernels.batchNormEvaluation(terms, parameters);
            run(blocks, this::normalise);
        } else {
            requireVariance();
            train(blocks);
        }
        return out;
    }

    private void requireVariance() {
        if (inp.rows() == 1) {
            throw MorulaException.usage(
                    "%s: in training it takes more than one number a channel, but the batch has one", layer);
        }
    }

    private void train(List<Block> blocks) {
        if (isCutAcrossRows(blocks)) {
            run(blocks, (block, part) -> kernels.batchNormSums(parts.get(part), inp, block));
            kernels.batchNormTraining(terms, sums.slice(0, blocks.size()), inp, parameters, whole());
            run(blocks, this::normalise);
        } else {
            run(blocks, (block, part) -> {
                kernels.batchNormSums(parts.get(0), inp, block);
                kernels.batchNormTraining(terms, parts.get(0), inp, parameters, block);
                normalise(block, part);
            });
        }
    }

    private void normalise(Block block, int part) {
        kernels.batchNormForward(out, inp, terms, fused, block);
    }

    @Override
    public Matrix backward(Matrix dout, BackwardPass pass) {
        Matrix mask = fused == Activation.RELU ? out : null;
        Matrix dinp = site.isFirst() ? null : inputGradients.like(inp);
        List<Block> blocks = WorkSplit.channels(inp.rows(), inp.columns(), site);
        if (isCutAcrossRows(blocks)) {
            pass.run(tasks(
                    blocks,
                    (block, part) -> kernels.batchNormBackwardSums(parts.get(part), dout, inp, mask, terms, block)));
            gradients(sums.slice(0, blocks.size()), whole());
            if (dinp != null) {
                pass.run(tasks(blocks, (block, part) -> inputGradient(dinp, dout, mask, block)));
            }
        } else {
            pass.run(tasks(blocks, (block, part) -> {
                kernels.batchNormBackwardSums(parts.get(0), dout, inp, mask, terms, block);
                gradients(parts.get(0), block);
                if (dinp != null) {
                    inputGradient(dinp, dout, mask, block);
                }
            }));
        }
        pass.later(List.of(worker -> {
            pass.gradient(scale, Block.whole(1, inp.columns()), dscale);
            pass.gradient(shift, Block.whole(1, inp.columns()), dshift);
        }));
        return dinp;
    }

    private void gradients(Matrix blockSums, Block block) {
        kernels.batchNormGradients(dscale, dshift, slopes, blockSums, terms, inp.rows(), block);
    }

    private void inputGradient(Matrix dinp, Matrix dout, Matrix mask, Block block) {
        kernels.batchNormBackwardInput(dinp, dout, inp, mask, terms, slopes, block);
    }

    private Block whole() {
        return Block.whole(inp.rows(), inp.columns());
    }

    private static boolean isCutAcrossRows(List<Block> blocks) {
        return blocks.size() > 1 && blocks.get(1).firstRow() > 0;
    }

    /** Work on a block, which is number {@code part} of those that a batch is cut into. */
    private interface Work {
        void run(Block block, int part);
    }

    private void run(List<Block> blocks, Work work) {
        site.workers().forEach(blocks.size(), (part, worker) -> work.run(blocks.get((int) part), (int) part));
    }

    private static List<Task> tasks(List<Block> blocks, Work work) {
        List<Task> tasks = new ArrayList<>();
        for (int i = 0; i < blocks.size(); i++) {
            int part = i;
            tasks.add(worker -> work.run(blocks.get(part), part));
        }
        return tasks;
    }

    @Override
    public void close() {
        List.of(sums, terms, slopes, dscale, dshift).forEach(Matrix::close);
        outputs.close();
        inputGradients.close();
    }
}
