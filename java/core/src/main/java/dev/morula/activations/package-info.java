/** The activations of one layer over many samples: read from files, and turned neuron by neuron. */
package dev.morula.activations;
