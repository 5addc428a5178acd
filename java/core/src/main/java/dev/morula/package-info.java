/**
 * Morula finds what a wide neural-network layer holds more than once.
 *
 * <p>The packages are the stages of one flow: {@code data}, {@code train}, {@code activations}, {@code standardise},
 * {@code correlate}, {@code graph}, {@code cluster}. Later stages import earlier ones, never the other way round;
 * {@code kernel} holds what all of them stand on: off-heap matrices, native kernels and the thread budget.
 */
package dev.morula;
