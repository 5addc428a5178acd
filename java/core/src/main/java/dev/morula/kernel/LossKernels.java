package dev.morula.kernel;

/** The losses of a batch, with their gradients. */
public interface LossKernels {
    /**
     * Softmax cross-entropy and its gradient. A row with a logit that is not finite gets loss and gradient NaN and the
     * prediction -1.
     *
     * @param dlogits batch x classes: the gradient of the mean loss over the batch; may be null
     * @param losses batch x 1
     * @param predicted batch x 1, I32: the first class with the largest logit
     * @param logits batch x classes
     * @param labels batch x 1, I32, each below the number of classes
     */
    void softmaxCrossEntropy(Matrix dlogits, Matrix losses, Matrix predicted, Matrix logits, Matrix labels);
}
