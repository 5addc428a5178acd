package dev.morula.standardise;

import java.util.Locale;

/** What a neuron does over the samples; the order is that of the constants in {@code morula.h}. */
public enum NeuronState {
    /** Takes at least two different values. */
    VARYING,
    /** Its minimum equals its maximum, which is not 0. */
    CONSTANT,
    /** Exactly 0 on every sample: dead, for a ReLU layer. */
    NEVER_ACTIVE,
    /** NaN or infinite on some sample. */
    NON_FINITE;

    /** The name used in files: {@code never-active} for NEVER_ACTIVE. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
