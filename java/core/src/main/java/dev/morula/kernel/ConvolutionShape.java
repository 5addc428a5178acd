package dev.morula.kernel;

/**
 * What a two-dimensional convolution works on: images of {@code height} x {@code width} positions with {@code inputs}
 * channels, and a square kernel for each of {@code outputs} channels.
 *
 * <p>The weight is a matrix of outputs x (kernel * kernel * inputs): a row's columns are ordered (row of the kernel, column
 * of the kernel, input channel). A batch of images is a matrix of one row a position, so height * width rows a sample.
 *
 * @param kernel height and width of the kernel
 * @param stride positions between two outputs, both ways
 * @param padding zeros around the image, on each side
 */
public record ConvolutionShape(
        long height, long width, long inputs, long outputs, long kernel, long stride, long padding) {
    public ConvolutionShape {
        if (Math.min(Math.min(height, width), Math.min(inputs, outputs)) < 1
                || Math.min(kernel, stride) < 1
                || padding < 0
                || Math.min(height, width) + 2 * padding < kernel) {
            throw new IllegalArgumentException("a kernel of %d with stride %d and padding %d does not fit %d x %d x %d"
                    .formatted(kernel, stride, padding, inputs, height, width));
        }
    }

    public long outputHeight() {
        return (height + 2 * padding - kernel) / stride + 1;
    }

    public long outputWidth() {
        return (width + 2 * padding - kernel) / stride + 1;
    }

    /** Positions of one sample of the input: its rows in a batch's matrix. */
    public long inputPositions() {
        return height * width;
    }

    /** The same of the output. */
    public long outputPositions() {
        return outputHeight() * outputWidth();
    }

    /** Columns of the weight. */
    public long weightColumns() {
        return kernel * kernel * inputs;
    }

    /** The descriptor {@code morula_convolution}; a block's rows are samples. */
    long[] descriptor(long batch, Block block) {
        return new long[] {
            batch,
            height,
            width,
            inputs,
            outputs,
            kernel,
            stride,
            padding,
            block.firstRow(),
            block.rows(),
            block.firstColumn(),
            block.columns()
        };
    }

    /** The same for matrices of a whole batch, which must fit. */
    long[] descriptor(Matrix out, Matrix inp, Block block) {
        long batch = inp.rows() / inputPositions();
        TrainShapes.require("inp", inp, batch * inputPositions(), inputs);
        TrainShapes.require("out", out, batch * outputPositions(), outputs);
        return descriptor(batch, block);
    }
}
