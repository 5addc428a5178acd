package dev.morula.kernel;

import dev.morula.kernel.LayerKernels.ResponseRule;
import java.util.Objects;

/** Checks that the matrices of the layers between products fit each other, and builds the kernels' descriptors. */
final class LayerShapes {
    private LayerShapes() {}

    /** The descriptor {@code morula_channels}. */
    static long[] channels(Matrix inp, Block block) {
        requireLike("inp", inp, inp);
        return channels(inp.rows(), inp.columns(), block);
    }

    static long[] channels(long rows, long channels, Block block) {
        return new long[] {rows, channels, block.firstRow(), block.rows(), block.firstColumn(), block.columns()};
    }

    static long[] batchNormBackward(Matrix dout, Matrix inp, Matrix out, Matrix terms, Block block) {
        requireLike("dout", dout, inp);
        requireTerms(terms, inp.columns());
        if (out != null) {
            requireLike("out", out, inp);
        }
        return channels(inp, block);
    }

    /** The descriptor {@code morula_batch_norm}, valid until {@code pins} are closed. */
    static long[] batchNorm(Pins pins, BatchNormParameters parameters, long channels) {
        requireParameters(parameters, channels);
        return batchNorm(
                pins.of(parameters.scale()),
                pins.of(parameters.shift()),
                pins.of(parameters.mean()),
                pins.of(parameters.variance()),
                parameters);
    }

    /** The same on the device; training moves the running averages on. */
    static long[] batchNorm(CudaPins pins, BatchNormParameters parameters, long channels) {
        requireParameters(parameters, channels);
        return batchNorm(
                pins.read(parameters.scale()),
                pins.read(parameters.shift()),
                pins.update(parameters.mean()),
                pins.update(parameters.variance()),
                parameters);
    }

    private static void requireParameters(BatchNormParameters parameters, long channels) {
        TrainShapes.require("scale", parameters.scale(), 1, channels);
        TrainShapes.require("shift", parameters.shift(), 1, channels);
        TrainShapes.require("mean", parameters.mean(), 1, channels);
        TrainShapes.require("variance", parameters.variance(), 1, channels);
    }

    private static long[] batchNorm(long scale, long shift, long mean, long variance, BatchNormParameters parameters) {
        return new long[] {
            scale,
            shift,
            mean,
            variance,
            Double.doubleToRawLongBits(parameters.epsilon()),
            Double.doubleToRawLongBits(parameters.momentum())
        };
    }

    static void requireTerms(Matrix terms, long channels) {
        TrainShapes.require("terms", terms, LayerKernels.BATCH_NORM_TERMS, channels);
    }

    static void requireSums(Matrix sums, long parts, long channels) {
        if (sums.type() != ElementType.F64 || sums.rows() != parts || sums.columns() != 2 * channels) {
            throw new IllegalArgumentException("sums is " + sums.rows() + " x " + sums.columns() + " " + sums.type()
                    + ", not " + parts + " x " + 2 * channels + " F64");
        }
    }

    /** The descriptor {@code morula_pool}. */
    static long[] pool(Matrix out, Matrix inp, PoolWindows windows, long firstSample, long samples) {
        long most = inp.rows() / windows.positions();
        TrainShapes.require("inp", inp, most * windows.positions(), windows.channels());
        TrainShapes.require("out", out, most * windows.windows(), windows.channels());
        Objects.checkFromIndexSize(firstSample, samples, most);
        return windows.descriptor(firstSample, samples);
    }

    /** The descriptor {@code morula_local_response}. */
    static long[] localResponse(Matrix out, Matrix inp, ResponseRule rule, long firstRow, long rows) {
        requireLike("out", out, inp);
        requireRows(inp, firstRow, rows);
        return new long[] {inp.columns(), rule.size(), firstRow, rows};
    }

    /** The descriptor {@code morula_response_rule}. */
    static double[] struct(ResponseRule rule) {
        return new double[] {rule.alpha(), rule.beta(), rule.bias()};
    }

    static void requireRows(Matrix matrix, long first, long count) {
        Objects.checkFromIndexSize(first, count, matrix.rows());
    }

    static void requireElements(Matrix matrix, long first, long count) {
        requireLike("inp", matrix, matrix);
        Objects.checkFromIndexSize(first, count, matrix.rows() * matrix.columns());
    }

    static void requireLike(String name, Matrix matrix, Matrix other) {
        TrainShapes.require(name, matrix, other.rows(), other.columns());
    }
}
