/** Moments of every neuron, which ones have a correlation at all, and standardised rows. */
package dev.morula.standardise;
