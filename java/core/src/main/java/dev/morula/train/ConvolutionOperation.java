package dev.morula.train;

import dev.morula.kernel.Activation;
import dev.morula.kernel.Block;
import dev.morula.kernel.ConvolutionPass;
import dev.morula.kernel.ConvolutionShape;
import dev.morula.kernel.ElementType;
import dev.morula.kernel.Matrix;
import dev.morula.kernel.ProductKernels;
import dev.morula.network.Convolution;
import dev.morula.network.Shape;
import java.util.ArrayList;
import java.util.List;

/**
 * A convolution at work. Each worker computes what its samples contribute to the gradient of the weight; the contributions
 * are added up in the order of the samples, so that results repeat.
 */
final class ConvolutionOperation implements Operation {
    /** Blocks of samples a worker, so that one which is held up leaves work to the others. */
    private static final long BLOCKS_PER_WORKER = 4;

    private final Site site;
    private final ProductKernels kernels;
    private final ConvolutionShape shape;
    private final Parameter weight;
    private final Parameter bias;
    private final Matrix output;
    private Matrix input;
    private Matrix inputGradient;

    /** Contributions to the gradients of weight and bias, one number a row. */
    private Matrix weightParts;

    private Matrix biasParts;

    /** {@code bias} is null if the layer has none. */
    ConvolutionOperation(Convolution layer, Site site, Parameter weight, Parameter bias) {
        Shape input = site.input();
        this.site = site;
        this.kernels = site.kernels().products();
        this.shape = new ConvolutionShape(
                input.height(),
                input.width(),
                layer.inputs(),
                layer.outputs(),
                layer.kernel(),
                layer.stride(),
                layer.padding());
        this.weight = weight;
        this.bias = bias;
        this.output = allocate(site.batch() * shape.outputPositions(), shape.outputs());
    }

    @Override
    public Matrix forward(Matrix inp, Phase phase) {
        input = inp;
        Matrix out = output.slice(0, samples() * shape.outputPositions());
        List<Block> blocks = blocks(shape.outputs());
        Matrix biases = bias == null ? null : bias.values();
        site.workers().forEach(blocks.size(), (part, worker) -> {
            Block block = blocks.get((int) part);
            Matrix workspace = workspace(ConvolutionPass.FORWARD, block, worker);
            kernels.convolutionForward(out, inp, weight.values(), biases, shape, Activation.IDENTITY, block, workspace);
        });
        return out;
    }

    @Override
    public Matrix backward(Matrix dout, BackwardPass pass) {
        prepareBackward();
        Matrix dinp = site.isFirst() ? null : inputGradient.slice(0, input.rows());
        List<Block> parts = weightBlocks();
        List<Task> tasks = weightTasks(dout, parts);
        if (dinp != null) {
            tasks.addAll(inputTasks(dinp, dout));
        }
        pass.run(tasks);
        pass.later(gradientTasks(parts, pass));
        return dinp;
    }

    private List<Task> inputTasks(Matrix dinp, Matrix dout) {
        List<Task> tasks = new ArrayList<>();
        for (Block block : blocks(shape.inputs())) {
            tasks.add(worker -> kernels.convolutionBackwardInput(
                    dinp,
                    dout,
                    weight.values(),
                    shape,
                    block,
                    workspace(ConvolutionPass.BACKWARD_INPUT, block, worker)));
        }
        return tasks;
    }

    private List<Task> weightTasks(Matrix dout, List<Block> parts) {
        Matrix inp = input;
        List<Task> tasks = new ArrayList<>();
        long first = 0;
        for (int part = 0; part < parts.size(); part++) {
            Block block = parts.get(part);
            long size = shape.outputs() * block.columns();
            Matrix dweight = weightParts.slice(first, size);
            Matrix dbias = bias == null || block.firstColumn() > 0
                    ? null
                    : biasParts.slice(part * shape.outputs(), shape.outputs()).reshape(1, shape.outputs());
            tasks.add(worker -> kernels.convolutionBackwardWeight(
                    dweight,
                    dbias,
                    dout,
                    inp,
                    shape,
                    block,
                    workspace(ConvolutionPass.BACKWARD_WEIGHT, block, worker)));
            first += size;
        }
        return tasks;
    }

    /** Those that add up the contributions and hand over the sums, once all of {@link #weightTasks} are done. */
    private List<Task> gradientTasks(List<Block> parts, BackwardPass pass) {
        List<Task> tasks = new ArrayList<>();
        long count = parts.stream().filter(block -> block.firstColumn() == 0).count();
        long first = 0;
        for (int part = 0; part < parts.size(); part += (int) count) {
            Block columns = parts.get(part);
            long size = shape.outputs() * columns.columns();
            Matrix sums = weightParts.slice(first, count * size).reshape(count, size);
            for (Block rows : Block.split(shape.outputs(), 1, site.workers().count(), shape.outputs())) {
                tasks.add(worker -> hand(
                        pass,
                        weight,
                        new Block(rows.firstRow(), rows.rows(), columns.firstColumn(), columns.columns()),
                        sums,
                        rows.firstRow() * columns.columns()));
            }
            first += count * size;
        }
        if (bias != null) {
            Matrix sums = biasParts.slice(0, count * shape.outputs()).reshape(count, shape.outputs());
            tasks.add(worker -> hand(pass, bias, Block.whole(1, shape.outputs()), sums, 0));
        }
        return tasks;
    }

    private void hand(BackwardPass pass, Parameter parameter, Block block, Matrix sums, long first) {
        long count = block.rows() * block.columns();
        kernels.addParts(sums, first, count);
        Matrix gradient = sums.reshape(sums.rows() * sums.columns(), 1).slice(first, count);
        pass.gradient(parameter, block, gradient.reshape(1, count));
    }

    private long samples() {
        return site.samples(input.rows());
    }

    private List<Block> blocks(long columns) {
        long most = BLOCKS_PER_WORKER * site.workers().count();
        return ConvolutionSplit.blocks(samples(), shape.outputPositions(), columns, site, most);
    }

    private List<Block> weightBlocks() {
        return ConvolutionSplit.blocks(
                samples(),
                shape.outputPositions(),
                shape.weightColumns(),
                site,
                site.workers().count());
    }

    private Matrix workspace(ConvolutionPass pass, Block block, int worker) {
        return site.scratch().of(worker, kernels.convolutionWorkspace(pass, shape, block));
    }

    /** Evaluation never needs the memory of the way back. */
    private void prepareBackward() {
        if (weightParts != null) {
            return;
        }
        long parts = ConvolutionSplit.sampleParts(
                site.batch(), shape.outputPositions(), site.workers().count());
        weightParts = allocate(parts * shape.outputs() * shape.weightColumns(), 1);
        if (bias != null) {
            biasParts = allocate(parts * shape.outputs(), 1);
        }
        if (!site.isFirst()) {
            inputGradient = allocate(site.batch() * shape.inputPositions(), shape.inputs());
        }
    }

    private static Matrix allocate(long rows, long columns) {
        return Matrix.allocate(ElementType.F32, rows, columns);
    }

    @Override
    public void close() {
        output.close();
        for (Matrix matrix : new Matrix[] {inputGradient, weightParts, biasParts}) {
            if (matrix != null) {
                matrix.close();
            }
        }
    }
}
