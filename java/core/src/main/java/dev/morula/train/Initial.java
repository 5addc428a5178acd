package dev.morula.train;

import dev.morula.RandomNumbers;
import dev.morula.kernel.Matrix;

/** Initial values of parameters. */
final class Initial {
    private Initial() {}

    /**
     * Draws weights and biases uniformly from +-1 / sqrt(inputs), as PyTorch's {@code nn.Linear} and {@code nn.Conv2d} do.
     * With the larger weights of He et al. (2015) a wide network at the usual rates stops learning at once:
     * 784-256-256-4096 at a rate of 0.05 guesses from the first epoch on, in PyTorch as here.
     */
    static void fill(Parameter parameter, int fanIn, RandomNumbers random) {
        float bound = (float) (1 / Math.sqrt(fanIn));
        switch (parameter.spec().role()) {
            case WEIGHT, BIAS -> fill(parameter.values(), random, bound);
            case SCALE, VARIANCE -> fill(parameter.values(), 1);
            default -> {} // zeros
        }
    }

    private static void fill(Matrix values, RandomNumbers random, float bound) {
        float[] row = new float[Math.toIntExact(values.columns())];
        for (long first = 0; first < values.rows() * row.length; first += row.length) {
            for (int i = 0; i < row.length; i++) {
                row[i] = bound * (2 * random.nextUnit() - 1);
            }
            values.write(first, row, 0, row.length);
        }
    }

    private static void fill(Matrix values, float value) {
        float[] row = new float[Math.toIntExact(values.columns())];
        java.util.Arrays.fill(row, value);
        values.write(0, row, 0, row.length);
    }
}
