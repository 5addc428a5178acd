package dev.morula.graph;

/** Which entries of a graph's symmetric matrix a file holds. */
public enum Triangle {
    /** Every edge twice, in both its rows. */
    FULL,
    /** Every edge once, in the row of the smaller neuron. */
    UPPER
}
