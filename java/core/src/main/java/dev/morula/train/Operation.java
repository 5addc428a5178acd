package dev.morula.train;

import dev.morula.kernel.Matrix;

/**
 * A layer at work on one batch after the other. It owns its output, the gradient of its input and what it must remember
 * between forward and backward; the parameters belong to the network.
 *
 * <p>A batch is a matrix with one row a position of a sample and one column a channel, so {@code samples * positions} rows;
 * the last batch of an epoch may have fewer samples than the operation was made for.
 */
interface Operation extends AutoCloseable {
    /** The output for {@code inp}, which must stay as it is until {@link #backward}; valid until the next call. */
    Matrix forward(Matrix inp, Phase phase);

    /**
     * The gradient of the last input, which was given with {@link Phase#TRAINING}; valid until the next call, and null if
     * {@link Site#isFirst}. The gradients of its parameters go to {@code pass}.
     *
     * @param dout gradient of the output, which is not changed and stays as it is until the pass ends
     */
    Matrix backward(Matrix dout, BackwardPass pass);

    @Override
    void close();
}
