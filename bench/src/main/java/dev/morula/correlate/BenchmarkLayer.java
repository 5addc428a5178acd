package dev.morula.correlate;

import dev.morula.kernel.ElementType;
import dev.morula.kernel.Kernels;
import dev.morula.kernel.Matrix;
import dev.morula.kernel.Metric;
import dev.morula.kernel.Progress;
import dev.morula.kernel.Workers;
import dev.morula.standardise.StandardisedLayer;
import java.util.Random;

/**
 * A layer like a trained one: ReLU of mixtures of a few signals plus noise. The noise differs between neurons, so that
 * correlations spread over the whole range and a small share of the pairs passes 0.9.
 */
public final class BenchmarkLayer implements AutoCloseable {
    private static final int RANK = 12;

    private final Matrix values;
    private final StandardisedLayer standardised;

    public BenchmarkLayer(int neurons, int samples, Kernels kernels, Workers workers) {
        Random random = new Random(1);
        float[][] signals = new float[RANK][samples];
        for (float[] signal : signals) {
            for (int k = 0; k < samples; k++) {
                signal[k] = (float) random.nextGaussian();
            }
        }
        values = Matrix.allocate(ElementType.F32, neurons, samples);
        float[] row = new float[samples];
        for (int i = 0; i < neurons; i++) {
            fill(row, signals, random);
            values.write((long) i * samples, row, 0, samples);
        }
        standardised = StandardisedLayer.measure(values, Metric.PEARSON, kernels, workers, Progress.NONE);
    }

    private static void fill(float[] row, float[][] signals, Random random) {
        float noise = random.nextFloat();
        float[] weights = new float[signals.length];
        for (int s = 0; s < weights.length; s++) {
            weights[s] = (float) random.nextGaussian() / (1 + s);
        }
        for (int k = 0; k < row.length; k++) {
            float sum = noise * (random.nextFloat() - 0.5f);
            for (int s = 0; s < weights.length; s++) {
                sum += weights[s] * signals[s][k];
            }
            row[k] = Math.max(0, sum);
        }
    }

    public Matrix values() {
        return values;
    }

    public StandardisedLayer standardised() {
        return standardised;
    }

    @Override
    public void close() {
        standardised.close();
        values.close();
    }
}
