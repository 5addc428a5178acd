package dev.morula.kernel;

/** The three computations of a convolution; the ordinals are the codes of {@code morula_train.h}. */
public enum ConvolutionPass {
    FORWARD,
    BACKWARD_WEIGHT,
    BACKWARD_INPUT
}
