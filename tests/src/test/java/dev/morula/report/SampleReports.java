package dev.morula.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/** Reports with made-up but likely numbers. */
final class SampleReports {
    static final double THRESHOLD = 0.9;

    private SampleReports() {}

    /** A run with every section, over a layer of 4,096 neurons. */
    static RunReport full() {
        int[] sizes = sizes(212, 612);
        return RunReport.builder("mlp:784-256-256-4096 on mnist-mini")
                .settings(settings())
                .headline(new Headline(
                        new Headline.Layer(4096, 10_000, 91, 85),
                        new Headline.Graph(THRESHOLD, 123_456),
                        new Headline.Clusters("cover", sizes),
                        new Headline.Errors(0, 0.0213)))
                .training(training(60))
                .histogram(histogram())
                .matrix(matrix(sizes, 4096, 4))
                .largestClusters(largest(sizes))
                .seconds(seconds())
                .build();
    }

    /** Sizes that fall like a power of the rank, none below 2. */
    static int[] sizes(int clusters, int largest) {
        return IntStream.rangeClosed(1, clusters)
                .map(rank -> Math.max(2, (int) (largest / Math.pow(rank, 0.96))))
                .toArray();
    }

    static TrainingCurves training(int epochs) {
        Random random = new Random(1);
        List<TrainingCurves.Epoch> curve = new ArrayList<>();
        for (int epoch = 1; epoch <= epochs; epoch++) {
            double done = (double) epoch / epochs;
            double noise = 1 + 0.15 * random.nextGaussian();
            double train = done > 0.7 ? 0 : 0.35 * Math.exp(-7 * done) * noise;
            double test = epoch % 2 == 1 && epoch > 1 ? Double.NaN : 0.0213 + 0.3 * Math.exp(-9 * done) * noise;
            double rate = 0.05 * (1 + Math.cos(Math.PI * done)) / 2;
            curve.add(new TrainingCurves.Epoch(epoch, 1.2 * Math.exp(-8 * done) * noise + 1e-3, train, test, rate));
        }
        return new TrainingCurves(curve);
    }

    static HistogramFigure histogram() {
        return HistogramFigure.exact(edges(100), counts(100), THRESHOLD);
    }

    static HistogramFigure sampledHistogram(int bins) {
        return HistogramFigure.sampled(edges(bins), counts(bins), THRESHOLD, "2,000,000 random pairs, seed 7");
    }

    /** Mostly weak correlations, and a tail of strong ones. */
    private static long[] counts(int bins) {
        double[] edges = edges(bins);
        return IntStream.range(0, bins)
                .mapToDouble(bin -> (edges[bin] + edges[bin + 1]) / 2)
                .mapToLong(middle -> Math.round(400_000 * Math.exp(-Math.pow((middle - 0.12) / 0.2, 2) / 2)
                        + (middle > 0.3 ? 4_000 * Math.exp(-3 * (middle - 0.3)) : 0)))
                .toArray();
    }

    /** Bounds of equal bins from -1 to 1. */
    static double[] edges(int bins) {
        return IntStream.rangeClosed(0, bins)
                .mapToDouble(bin -> -1 + 2.0 * bin / bins)
                .toArray();
    }

    /** Clusters as squares on the diagonal, over a weak background with a few related clusters. */
    static MatrixFigure matrix(int[] sizes, int neurons, int perBlock) {
        int side = (neurons + perBlock - 1) / perBlock;
        int[] cluster = new int[side];
        Arrays.fill(cluster, -1);
        int next = 0;
        for (int index = 0; index < sizes.length && next / perBlock < side; index++) {
            for (int end = next + sizes[index]; next < end && next / perBlock < side; next++) {
                cluster[next / perBlock] = index;
            }
        }
        Random random = new Random(2);
        float[][] kinship = new float[32][32];
        for (float[] row : kinship) {
            for (int column = 0; column < row.length; column++) {
                row[column] = (float) (0.15 + 0.3 * random.nextGaussian());
            }
        }
        float[] blocks = new float[side * side];
        for (int row = 0; row < side; row++) {
            for (int column = 0; column <= row; column++) {
                boolean same = row == column || cluster[row] >= 0 && cluster[row] == cluster[column];
                float kin = kinship[(cluster[row] + 32) % 32][(cluster[column] + 32) % 32];
                float value = (float) ((same ? 0.93 : kin) + 0.03 * random.nextGaussian());
                blocks[row * side + column] = Math.max(-1, Math.min(1, value));
                blocks[column * side + row] = blocks[row * side + column];
            }
        }
        return new MatrixFigure(side, blocks, neurons, perBlock);
    }

    static List<LargeCluster> largest(int[] sizes) {
        Random random = new Random(3);
        return IntStream.range(0, Math.min(10, sizes.length))
                .mapToObj(index -> new LargeCluster(
                        random.nextInt(4096),
                        sizes[index],
                        0.91 + 0.08 * random.nextDouble(),
                        LongStream.generate(() -> random.nextInt(4096))
                                .limit(Math.min(8, sizes[index] - 1))
                                .sorted()
                                .toArray()))
                .toList();
    }

    static List<SettingsGroup> settings() {
        return List.of(
                group("Data", "data set", "mnist-mini", "train samples", "10,000", "test samples", "10,000"),
                group("Network", "network", "mlp:784-256-256-4096", "activation", "ReLU", "weights", "1,316,618"),
                group(
                        "Training",
                        "optimiser",
                        "sgd,lr=0.05,momentum=0.9,weight-decay=5e-4",
                        "schedule",
                        "cosine",
                        "batch",
                        "128",
                        "seed",
                        "7"),
                group(
                        "Machine",
                        "date",
                        "2026-11-22 14:03 UTC",
                        "device",
                        "cpu",
                        "tier",
                        "amx",
                        "threads",
                        "2",
                        "version",
                        "morula 0.1.0",
                        "command",
                        "morula demo --width 4096 --threshold 0.9 --out morula-demo"));
    }

    static SettingsGroup group(String name, String... namesAndValues) {
        Map<String, String> values = new LinkedHashMap<>();
        for (int index = 0; index < namesAndValues.length; index += 2) {
            values.put(namesAndValues[index], namesAndValues[index + 1]);
        }
        return new SettingsGroup(name, values);
    }

    static Map<String, Double> seconds() {
        Map<String, Double> seconds = new LinkedHashMap<>();
        seconds.put("data", 0.21);
        seconds.put("train", 41.7);
        seconds.put("activations", 1.9);
        seconds.put("standardise", 0.08);
        seconds.put("correlate", 2.31);
        seconds.put("graph", 0.35);
        seconds.put("cluster", 0.02);
        return seconds;
    }
}
