/**
 * How early in a network classes are told apart, and how far they collapse: Galanti, Galanti, Ben-Shaul, "A note on the
 * implicit bias towards minimal depth of deep neural networks" (arXiv 2202.09028); Papyan, Han, Donoho, "Prevalence of
 * neural collapse" (PNAS 2020), whose public code decides where the paper leaves a choice.
 */
package dev.morula.redundancy.depth;
