package dev.morula.train;

import dev.morula.kernel.Block;
import dev.morula.kernel.Matrix;

/** A block of the gradient of {@code parameter}, packed: the first rows * columns numbers of {@code values}. */
record Gradient(Parameter parameter, Block block, Matrix values) {}
