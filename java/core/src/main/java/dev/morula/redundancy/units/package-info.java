/**
 * Removable and repeated units (Casper, Boix, D'Amario, Guo, Schrimpf, Vinken, Kreiman: "Frivolous units", arXiv
 * 1912.04783). A unit is a neuron or a convolution's channel, after its activation function.
 */
package dev.morula.redundancy.units;
