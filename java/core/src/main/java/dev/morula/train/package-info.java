/**
 * Trains networks, and records what their layers do. {@link dev.morula.train.Training} trains a {@link
 * dev.morula.train.Network} epoch by epoch; inside, {@code Operations} makes of its definition a tree of operations, which
 * go forward and back.
 */
package dev.morula.train;
