package dev.morula.kernel;

/**
 * What a batch norm has: scale, shift, running mean and running variance, all 1 x channels.
 *
 * @param epsilon is added to variances
 * @param momentum the weight of a batch in the running averages
 */
public record BatchNormParameters(
        Matrix scale, Matrix shift, Matrix mean, Matrix variance, double epsilon, double momentum) {}
