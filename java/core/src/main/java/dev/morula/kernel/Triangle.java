package dev.morula.kernel;

/** Which entries of a symmetric matrix are stored. */
public enum Triangle {
    FULL,
    UPPER
}
