package dev.morula.train;

import dev.morula.RandomNumbers;
import dev.morula.kernel.Kernels;
import dev.morula.kernel.Matrix;
import dev.morula.network.ParameterSpec;
import dev.morula.network.ParameterSpec.Role;
import java.util.List;
import java.util.function.DoubleSupplier;

/** Draws a network's first parameters, layer by layer, from one sequence of random numbers. */
final class InitialValues {
    private final Initialisation initialisation;
    private final RandomNumbers random;

    InitialValues(Initialisation initialisation, RandomNumbers random) {
        this.initialisation = initialisation;
        this.random = random;
    }

    /** Fills the tensors of one layer, {@code values.get(i)} as {@code specs.get(i)} says, in this order. */
    void fill(List<ParameterSpec> specs, List<Matrix> values) {
        for (int i = 0; i < specs.size(); i++) {
            ParameterSpec spec = specs.get(i);
            switch (spec.role()) {
                case WEIGHT -> drawWeight(values.get(i), spec);
                case BIAS -> drawBias(values.get(i), specs);
                case SCALE, VARIANCE -> fill(values.get(i), () -> 1);
                case SHIFT, MEAN -> fill(values.get(i), () -> 0);
            }
        }
    }

    private void drawWeight(Matrix weight, ParameterSpec spec) {
        double fanIn = spec.fanIn();
        if (initialisation instanceof Initialisation.PyTorch) {
            drawUniform(weight, 1 / Math.sqrt(fanIn));
        } else if (initialisation instanceof Initialisation.He) {
            drawNormal(weight, Math.sqrt(2 / fanIn));
        } else if (initialisation instanceof Initialisation.Glorot) {
            drawUniform(weight, Math.sqrt(6 / (fanIn + spec.fanOut())));
        } else if (initialisation instanceof Initialisation.LeCun) {
            drawNormal(weight, Math.sqrt(1 / fanIn));
        } else if (initialisation instanceof Initialisation.Normal normal) {
            drawNormal(weight, normal.deviation());
        } else if (initialisation instanceof Initialisation.Orthogonal orthogonal) {
            drawOrthogonal(weight, orthogonal.gain());
        }
    }

    /** A bias has the fan-in of the weight beside it. */
    private void drawBias(Matrix bias, List<ParameterSpec> layer) {
        if (initialisation instanceof Initialisation.PyTorch) {
            ParameterSpec weight = layer.stream()
                    .filter(spec -> spec.role() == Role.WEIGHT)
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException("a bias without a weight: " + layer));
            drawUniform(bias, 1 / Math.sqrt(weight.fanIn()));
        } else {
            fill(bias, () -> 0);
        }
    }

    private void drawOrthogonal(Matrix weight, double gain) {
        drawNormal(weight, 1);
        try (Kernels kernels = Kernels.cpu()) {
            kernels.products().orthogonalFactor(weight, gain);
        }
    }

    private void drawUniform(Matrix values, double bound) {
        float rounded = (float) bound;
        fill(values, () -> rounded * (2 * random.nextUnit() - 1));
    }

    private void drawNormal(Matrix values, double deviation) {
        fill(values, () -> deviation * random.nextNormal());
    }

    private static void fill(Matrix values, DoubleSupplier next) {
        float[] row = new float[Math.toIntExact(values.columns())];
        for (long first = 0; first < values.rows() * row.length; first += row.length) {
            for (int i = 0; i < row.length; i++) {
                row[i] = (float) next.getAsDouble();
            }
            values.write(first, row, 0, row.length);
        }
    }
}
