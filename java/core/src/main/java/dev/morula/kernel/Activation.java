package dev.morula.kernel;

/** What a layer does with its sums; the ordinals are the codes of {@code morula.h}. */
public enum Activation {
    IDENTITY,
    RELU
}
