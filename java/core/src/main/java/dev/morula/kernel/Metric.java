package dev.morula.kernel;

/** Which correlation: Pearson's, or the cosine of the raw rows. */
public enum Metric {
    PEARSON,
    COSINE
}
