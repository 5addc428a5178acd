/** Trains wide networks, and records what their hidden layers do. */
package dev.morula.train;
