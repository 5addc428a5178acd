package dev.morula.redundancy.clones;

import dev.morula.cluster.Clustering;
import dev.morula.correlate.Correlation;
import dev.morula.correlate.CorrelationQuery;
import dev.morula.correlate.Correlator;
import dev.morula.graph.CorrelationGraph;
import dev.morula.kernel.ElementType;
import dev.morula.kernel.Kernels;
import dev.morula.kernel.Matrix;
import dev.morula.kernel.Metric;
import dev.morula.kernel.Progress;
import dev.morula.kernel.Workers;
import dev.morula.redundancy.Features;
import dev.morula.redundancy.ReadOut;
import dev.morula.standardise.StandardisedLayer;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * A layer of known clones: of each type so many neurons, each the type's signal, a nonlinear function of one input, plus
 * noise of its own. With a ratio of variances of R two neurons of a type have a correlation of R / (R + 1).
 *
 * @param train samples x neurons
 * @param test the same neurons on other samples
 * @param types of each neuron; -1 for a dead one
 * @param weight outputs x neurons: every neuron of a type has the same share of its weight
 */
public record PlantedLayer(
        float[][] train, float[][] test, int[] trainLabels, int[] testLabels, int[] types, float[][] weight) {
    private static final int CLASSES = 4;

    public static PlantedLayer of(int types, int clones, double ratio, int samples, long seed) {
        int[] sizes = new int[types];
        Arrays.fill(sizes, clones);
        return of(sizes, 0, ratio, samples, seed);
    }

    /** Types of the given sizes and some dead neurons, all in random order. */
    public static PlantedLayer of(int[] sizes, int dead, double ratio, int samples, long seed) {
        Random random = new Random(seed);
        int[] types = IntStream.concat(
                        IntStream.range(0, sizes.length)
                                .flatMap(type -> IntStream.range(0, sizes[type]).map(k -> type)),
                        IntStream.range(0, dead).map(k -> -1))
                .toArray();
        for (int i = types.length - 1; i > 0; i--) {
            int other = random.nextInt(i + 1);
            int type = types[i];
            types[i] = types[other];
            types[other] = type;
        }
        double[][] ofType = new double[CLASSES][sizes.length];
        for (double[] row : ofType) {
            Arrays.setAll(row, k -> random.nextGaussian());
        }
        float[][] weight = new float[CLASSES][types.length];
        for (int output = 0; output < CLASSES; output++) {
            for (int neuron = 0; neuron < types.length; neuron++) {
                weight[output][neuron] =
                        types[neuron] < 0 ? 1 : (float) (ofType[output][types[neuron]] / sizes[types[neuron]]);
            }
        }
        double noise = 1 / Math.sqrt(ratio);
        int[][] labels = new int[2][samples];
        float[][] train = sample(types, sizes.length, ofType, noise, labels[0], random);
        float[][] test = sample(types, sizes.length, ofType, noise, labels[1], random);
        return new PlantedLayer(train, test, labels[0], labels[1], types, weight);
    }

    private static float[][] sample(
            int[] types, int count, double[][] ofType, double noise, int[] labels, Random random) {
        float[][] activations = new float[labels.length][types.length];
        double[] signal = new double[count];
        for (int sample = 0; sample < labels.length; sample++) {
            Arrays.setAll(signal, type -> Math.sqrt(2) * Math.sin(2 * Math.PI * random.nextDouble())); // variance 1
            double best = Double.NEGATIVE_INFINITY;
            for (int output = 0; output < ofType.length; output++) {
                double logit = 0;
                for (int type = 0; type < count; type++) {
                    logit += ofType[output][type] * signal[type];
                }
                labels[sample] = logit > best ? output : labels[sample];
                best = Math.max(best, logit);
            }
            for (int neuron = 0; neuron < types.length; neuron++) {
                activations[sample][neuron] =
                        types[neuron] < 0 ? 0 : (float) (signal[types[neuron]] + noise * random.nextGaussian());
            }
        }
        return activations;
    }

    public Features trainFeatures() {
        return new Features("planted", Matrix.of(train), trainLabels, CLASSES);
    }

    public Features testFeatures() {
        return new Features("planted", Matrix.of(test), testLabels, CLASSES);
    }

    public ReadOut readOut() {
        return new ReadOut(Matrix.of(weight), Matrix.allocate(ElementType.F32, 1, CLASSES));
    }

    /** Types as they are found on the train samples. */
    public Types find(Clustering clustering, double threshold, Kernels kernels, Workers workers) {
        try (Matrix values = Matrix.of(train);
                StandardisedLayer layer =
                        StandardisedLayer.measureInPlace(values, Metric.PEARSON, kernels, workers, Progress.NONE);
                Correlation found =
                        Correlator.run(layer, CorrelationQuery.atLeast(threshold), kernels, workers, Progress.NONE);
                CorrelationGraph graph = CorrelationGraph.of(found.edges(), layer.neurons(), kernels, workers)) {
            return Types.of(graph, layer.correlated(), clustering);
        }
    }
}
