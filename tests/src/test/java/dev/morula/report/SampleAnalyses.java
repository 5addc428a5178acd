package dev.morula.report;

import dev.morula.cluster.Dendrogram;
import dev.morula.redundancy.Analysis;
import dev.morula.redundancy.Analysis.AblationPoint;
import dev.morula.redundancy.Analysis.ChunkAnalysis;
import dev.morula.redundancy.Analysis.EpochAnalysis;
import dev.morula.redundancy.Analysis.LayerAnalysis;
import dev.morula.redundancy.Analysis.NetworkAnalysis;
import dev.morula.redundancy.Analysis.NeuralCollapse;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;

/** Analyses with made-up but likely numbers. */
final class SampleAnalyses {
    private SampleAnalyses() {}

    /** A network of five layers with everything that can be measured. */
    static Analysis full() {
        Map<String, LayerAnalysis> layers = new LinkedHashMap<>();
        for (int layer = 1; layer <= 5; layer++) {
            layers.put(
                    layer == 5 ? "last" : Integer.toString(layer), layer(layer, layer == 5 ? chunks(512, 16) : null));
        }
        return new Analysis(
                7, layers, network(), effectiveDepth("3", "4", null), epochs(), List.of("Ablation: <none> of layer 9"));
    }

    /** Activations from elsewhere: one layer, of which nearly nothing is defined. */
    static Analysis nothingDefined() {
        LayerAnalysis layer = new LayerAnalysis(
                1, 1, 1, 1, null, null, List.of(), null, null, null, null, null, null, null, null, null, null);
        return new Analysis(0, Map.of("h", layer), null, effectiveDepth(null, null, null), null, null);
    }

    /** A network whose chunks never do as well as it does, and numbers that are none. */
    static Analysis withoutClones() {
        List<ChunkAnalysis> chunks = List.of(
                new ChunkAnalysis(1, 0.9, 0.01, Double.NaN, Double.NaN, 0.1, 0.01, null, null, 0.2, null, 0.01),
                new ChunkAnalysis(2, 0.8, null, 0.85, null, null, null, null, null, null, null, null));
        LayerAnalysis layer = new LayerAnalysis(
                2, 100, 0, 0, 0.123, 0.2, chunks, null, null, 0.0, 1.0, 0.5, Double.NaN, 0.3, 0.2, Double.NaN, null);
        Map<String, LayerAnalysis> layers = new LinkedHashMap<>();
        layers.put("<b>a layer & \"its\" very long name, such as exporters like to make</b>", layer);
        return new Analysis(7, layers, new NetworkAnalysis(List.of(), null, null, null, null), null, null, null);
    }

    private static List<EpochAnalysis> epochs() {
        return IntStream.of(10, 20, 40, 80)
                .mapToObj(epoch -> new EpochAnalysis(epoch, 0.8 / epoch, 0.05 + 1.0 / epoch, chunks(512, 1280 / epoch)))
                .toList();
    }

    private static Map<String, String> effectiveDepth(String... layers) {
        Map<String, String> depth = new LinkedHashMap<>();
        List<String> allowed = List.of("0.1", "0.03", "0.001");
        for (int k = 0; k < layers.length; k++) {
            depth.put(allowed.get(k), layers[k]);
        }
        return depth;
    }

    private static LayerAnalysis layer(int layer, List<ChunkAnalysis> chunks) {
        double left = Math.exp(-layer);
        return new LayerAnalysis(
                512,
                10_000,
                3L * layer,
                3L * layer + 1,
                chunks == null ? null : 0.0,
                chunks == null ? null : 0.0531,
                chunks,
                chunks == null ? null : 15.7,
                chunks == null ? null : 512 / 15.7,
                2.4 + 3 * layer,
                0.5 + 0.08 * layer,
                0.2 + 0.1 * layer,
                0.3 * left,
                1 - left / 2,
                1 - left / 2 - 0.03,
                4 * left * left,
                new NeuralCollapse(
                        40 * left, 4 * left, left, 0.1, left / 2, 0.05, chunks == null ? null : 0.2, left / 9));
    }

    static List<ChunkAnalysis> chunks(int width, int critical) {
        List<ChunkAnalysis> chunks = new ArrayList<>();
        Random random = new Random(5);
        for (int size = 1; size <= width; size *= 2) {
            double wiggle = 1 + 0.03 * random.nextGaussian();
            double train =
                    size >= 2 * critical ? 0 : Math.min(0.5, 0.005 * Math.pow((double) critical / size, 2) * wiggle);
            double test = 0.05 + Math.min(0.45, 0.3 * train + 0.02 / Math.sqrt(size) + train);
            double r2 = 1 - 0.6 * Math.exp(-2.0 * size / critical) * (size == width ? 0 : 1);
            double residual = 0.02 + 0.06 * Math.exp(-0.7 * size / critical);
            chunks.add(new ChunkAnalysis(
                    size,
                    train,
                    train / 10,
                    test,
                    test / 50,
                    r2,
                    0.01 * (1 - r2),
                    size == width ? null : residual,
                    size == width ? null : residual / 20,
                    residual * (1 - (double) size / width),
                    residual / 20,
                    0.008));
        }
        return chunks;
    }

    private static NetworkAnalysis network() {
        return new NetworkAnalysis(ablation(0.43), 0.43, 0.17, 8.7, 0.6);
    }

    static List<AblationPoint> ablation(double auc) {
        return IntStream.rangeClosed(0, 6)
                .mapToObj(sixth -> new AblationPoint(
                        sixth / 6.0, 0.1 + 0.9 * Math.pow(1 - sixth / 6.0, 0.5 / auc), sixth == 0 ? 0 : 0.012))
                .toList();
    }

    /** Average linkage of neurons in groups: members of one join at up to 0.1, groups at up to 0.5, in a few trees. */
    static Dendrogram dendrogram(int groups, int members) {
        int neurons = groups * members;
        int[] left = new int[neurons - 1];
        int[] right = new int[neurons - 1];
        double[] height = new double[neurons - 1];
        int[] size = new int[neurons - 1];
        int[] top = new int[groups];
        int merges = 0;
        for (int group = 0; group < groups; group++) {
            top[group] = group * members;
            for (int member = 1; member < members; member++) {
                left[merges] = top[group];
                right[merges] = group * members + member;
                height[merges] = 0.1 * member / members;
                size[merges] = member + 1;
                top[group] = neurons + merges++;
            }
        }
        for (int group = 1; group < groups && members > 1; group++) {
            if (group % 7 != 0) {
                left[merges] = top[group - 1];
                right[merges] = top[group];
                height[merges] = 0.12 + 0.06 * (group % 7);
                size[merges] = members * (group % 7 + 1);
                top[group] = neurons + merges++;
            }
        }
        for (int group = 7; group <= groups; group += 7) { // trees, which nothing relates
            int tree = top[group - 1];
            if (group > 7) {
                left[merges] = top[0];
                right[merges] = tree;
                height[merges] = Dendrogram.UNRELATED;
                size[merges] = members * group;
                tree = neurons + merges++;
            }
            top[0] = tree;
        }
        return new Dendrogram(left, right, height, size);
    }

    static CloneTable clones(int count) {
        Random random = new Random(9);
        List<CloneTable.Clone> clones = IntStream.range(0, count)
                .mapToObj(k -> new CloneTable.Clone(
                        16,
                        1 - (k % 3) / 16.0,
                        0.944 + 0.004 * random.nextGaussian(),
                        k == 1 ? null : 0.99,
                        0.021,
                        k == 2 ? null : random.nextDouble() / 5))
                .toList();
        return new CloneTable(
                "Dealt clones are more accurate than random chunks of 16 neurons (p = 0.0099)",
                16,
                512,
                48,
                clones,
                0.931,
                0.946);
    }
}
