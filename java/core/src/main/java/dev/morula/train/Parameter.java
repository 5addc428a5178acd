package dev.morula.train;

import dev.morula.kernel.Matrix;
import dev.morula.network.ParameterSpec;

/**
 * One of a network's tensors.
 *
 * @param name as PyTorch has it, such as {@code layer1.0.conv1.weight}
 * @param values the network's own matrix, not a copy: {@link ParameterSpec#rows} x {@link ParameterSpec#columns}
 */
public record Parameter(String name, ParameterSpec spec, Matrix values) {}
