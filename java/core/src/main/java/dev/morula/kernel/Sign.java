package dev.morula.kernel;

/** Whether a strong negative correlation counts as a strong one. */
public enum Sign {
    SIGNED,
    ABSOLUTE
}
