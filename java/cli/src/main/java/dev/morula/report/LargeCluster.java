package dev.morula.report;

/**
 * One row of the table of the largest clusters.
 *
 * @param representative index of the neuron that stands for the cluster
 * @param size neurons in the cluster, the representative among them
 * @param meanCorrelation of the other members to the representative
 * @param members indices of some other members
 */
public record LargeCluster(long representative, long size, double meanCorrelation, long[] members) {}
