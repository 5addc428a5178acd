package dev.morula.train;

import dev.morula.kernel.Matrix;
import java.util.List;

/**
 * One of a network's parameters under the name that PyTorch's {@code nn.Sequential(Linear, ReLU, Linear, ...)} gives it.
 *
 * @param shape (outputs, inputs) of a weight, (outputs) of a bias
 * @param values the network's own matrix, not a copy; a bias is 1 x outputs
 */
public record Parameter(String name, List<Long> shape, Matrix values) {}
