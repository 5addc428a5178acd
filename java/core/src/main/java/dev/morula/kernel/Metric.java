package dev.morula.kernel;

/** Which correlation: Pearson's, the cosine of the raw rows, or Spearman's, which is Pearson's of the ranks. */
public enum Metric {
    PEARSON,
    COSINE,
    SPEARMAN
}
