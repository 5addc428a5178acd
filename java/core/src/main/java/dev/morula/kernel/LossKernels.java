package dev.morula.kernel;

/**
 * The losses of a batch, with their gradients. All take
 *
 * <ul>
 *   <li>{@code dout}, batch x outputs: gets the gradient of the mean loss over the batch; may be null
 *   <li>{@code losses}, batch x 1: gets the loss of every sample
 *   <li>{@code predicted}, batch x 1, I32: gets the first output that is the largest
 *   <li>{@code out}, batch x outputs
 *   <li>{@code labels}, batch x 1, I32, each below the number of classes
 * </ul>
 *
 * <p>A row with an output that is not finite gets loss and gradient NaN and the prediction -1.
 */
public interface LossKernels {
    /**
     * Cross-entropy of the softmax and targets {@code (1 - smoothing) [c = label] + smoothing / outputs} (Szegedy et al.,
     * 2016).
     *
     * @param smoothing from 0 to 1
     */
    void softmaxCrossEntropy(Matrix dout, Matrix losses, Matrix predicted, Matrix out, Matrix labels, double smoothing);

    /** The mean over outputs of {@code (out - [c = label])^2}. */
    void meanSquaredError(Matrix dout, Matrix losses, Matrix predicted, Matrix out, Matrix labels);

    /**
     * Half the sum over outputs of {@code max(0, 1 - y out)^2}, with y 1 for the label's output and -1 for all others. One
     * output tells two classes apart: y is 1 for label 1 and -1 for label 0, and a positive output predicts 1.
     */
    void squareHinge(Matrix dout, Matrix losses, Matrix predicted, Matrix out, Matrix labels);
}
