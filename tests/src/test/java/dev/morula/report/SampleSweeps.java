package dev.morula.report;

import dev.morula.redundancy.Analysis.AblationPoint;
import dev.morula.redundancy.Analysis.ChunkAnalysis;
import dev.morula.redundancy.Estimate;
import dev.morula.redundancy.SweepSummary;
import dev.morula.redundancy.SweepSummary.Group;
import dev.morula.redundancy.SweepSummary.Interval;
import dev.morula.redundancy.SweepSummary.LayerSummary;
import dev.morula.redundancy.SweepSummary.PowerLaw;
import dev.morula.redundancy.SweepSummary.Run;
import dev.morula.redundancy.SweepSummary.Shape;
import dev.morula.redundancy.SweepSummary.SizeSummary;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Sweeps with made-up but likely numbers. */
final class SampleSweeps {
    private SampleSweeps() {}

    /** Widths of which those with weight decay hold clones from 64 on, with a control without it. */
    static SweepSummary redundancy() {
        List<Group> groups = new ArrayList<>();
        for (String decay : List.of("0.002", "0")) {
            for (int width = 32; width <= 512; width *= 2) {
                boolean clones = decay.equals("0.002") && width > 32;
                groups.add(chunked(width, clones ? 16 : width, clones, settings("width", width, "weightDecay", decay)));
            }
        }
        return summary("pmnist:W", groups, shapes());
    }

    /** More lines than a chart can hold with ease. */
    static SweepSummary large() {
        List<Group> groups = new ArrayList<>();
        for (String decay : List.of("0.002", "0")) {
            for (String labels : List.of("as-given", "random")) {
                for (int k = 0; k < 12; k++) {
                    int width = 4 << k;
                    boolean clones = decay.equals("0.002") && labels.equals("as-given") && width > 32;
                    groups.add(chunked(
                            width,
                            clones ? 16 + 3 * k : width,
                            clones,
                            settings("width", width, "weightDecay", decay, "labels", labels)));
                }
            }
        }
        return summary("mlp:784-W", groups, shapes());
    }

    /** Depths with and without label noise. */
    static SweepSummary depth() {
        List<Group> groups = new ArrayList<>();
        for (String labels : List.of("as-given", "noise=0.2", "noise=0.4")) {
            for (int depth : new int[] {2, 4, 6, 8, 12}) {
                groups.add(deep(depth, labels));
            }
        }
        return summary("mlp-LL-H128", groups, List.of());
    }

    /** A single network, of which nothing is defined. */
    static SweepSummary single() {
        Group group = new Group(
                null,
                null,
                1,
                null,
                null,
                Estimate.NONE,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null);
        return new SweepSummary("mlp:4-1", "npy:data", 0, 0, List.of(group), null, null, null);
    }

    /** One width and one seed, whose chunks were analysed. */
    static SweepSummary oneWidth() {
        return summary("pmnist:64", List.of(chunked(64, 16, true, settings("width", 64))), shapes());
    }

    /** One width in two variants. */
    static SweepSummary twoVariants() {
        return summary(
                "pmnist:64",
                List.of(
                        chunked(64, 16, true, settings("width", 64, "weightDecay", "0.002")),
                        chunked(64, 64, false, settings("width", 64, "weightDecay", "<0>"))),
                shapes());
    }

    private static SweepSummary summary(String net, List<Group> groups, List<Shape> shapes) {
        return new SweepSummary(net, "mnist-mini", 100, 40, groups, shapes, null, null);
    }

    static Map<String, String> settings(Object... namesAndValues) {
        Map<String, String> settings = new LinkedHashMap<>();
        for (int k = 0; k < namesAndValues.length; k += 2) {
            settings.put(namesAndValues[k].toString(), namesAndValues[k + 1].toString());
        }
        return settings;
    }

    static Group chunked(int width, int critical, boolean clones, Map<String, String> settings) {
        double scale = clones ? 1 : 2.5;
        List<SizeSummary> sizes = SampleAnalyses.chunks(width, critical).stream()
                .map(chunk -> size(chunk, scale))
                .toList();
        double auc = 0.3 + 0.03 * Math.log(width) + (clones ? 0.05 : 0);
        return new Group(
                settings,
                null,
                width,
                runs(settings, 6),
                new Estimate(clones ? 0.0 : 0.0002, 0.0001),
                new Estimate(0.052 * scale, 0.0011),
                0.0502,
                0.0008,
                sizes,
                clones ? new Interval(1.0 * critical, 0.85 * critical, 1.2 * critical) : new Interval(null, null, null),
                clones ? (double) width / critical : null,
                clones
                        ? new PowerLaw(new Interval(-0.47, -0.55, -0.38), new Interval(0.05, 0.048, 0.052), 0.02, 4)
                        : null,
                null,
                clones && width > 64 ? new Estimate(0.0515, 0.0009) : Estimate.NONE,
                new Estimate(1.4 * Math.log(width) * (clones ? 1.5 : 0.6), 0.2),
                new Estimate(auc, 0.006),
                new Estimate(auc / 3, 0.01),
                new Estimate(0.5 + auc / 4, 0.01),
                SampleAnalyses.ablation(auc),
                Map.of(),
                Map.of());
    }

    private static SizeSummary size(ChunkAnalysis chunk, double scale) {
        return new SizeSummary(
                chunk.size(),
                new Estimate(chunk.trainError(), chunk.trainErrorStdError()),
                new Estimate(0.05 + scale * (chunk.testError() - 0.05), chunk.testErrorStdError()),
                new Estimate(chunk.r2(), chunk.r2StdError()),
                chunk.residualCorrelation() == null
                        ? Estimate.NONE
                        : new Estimate(chunk.residualCorrelation(), chunk.residualCorrelationStdError()),
                new Estimate(chunk.residualCorrelationAllPairs(), chunk.residualCorrelationAllPairsStdError()));
    }

    private static List<Run> runs(Map<String, String> settings, int seeds) {
        return IntStream.rangeClosed(1, seeds)
                .mapToObj(seed -> new Run(
                        String.join("-", settings.values()) + "-s" + seed,
                        seed,
                        80,
                        0.0001 * (seed / 6),
                        0.05,
                        seed < 6))
                .toList();
    }

    private static Group deep(int depth, String labels) {
        double noise = labels.startsWith("noise") ? Double.parseDouble(labels.substring(6)) : 0;
        Map<String, LayerSummary> layers = new LinkedHashMap<>();
        for (int layer = 1; layer <= depth; layer++) {
            double left = 0.6 * Math.exp(-0.7 * layer) + 0.002 * depth / 12 + noise / 6;
            layers.put(
                    Integer.toString(layer),
                    new LayerSummary(
                            128,
                            new Estimate(1 - left, 0.004),
                            new Estimate(1 - left - 0.05, 0.006),
                            new Estimate(5 * left * left, 0.01),
                            new Estimate(4 * left, 0.1),
                            new Estimate(3.0 + layer, 0.2),
                            new Estimate(0.6, 0.01)));
        }
        Map<String, Estimate> effective = new LinkedHashMap<>();
        effective.put("0.1", new Estimate(Math.min(depth, 3 + 4 * noise), 0.0));
        effective.put("0.03", depth < 6 ? Estimate.NONE : new Estimate(4.5 + 5 * noise, 0.5));
        return new Group(
                settings("width", 128, "depth", depth, "labels", labels),
                null,
                128,
                runs(settings("L", depth, "labels", labels), 2),
                new Estimate(noise / 3, 0.001),
                new Estimate(0.12 + noise / 4, 0.002),
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                new Estimate(4.2, 0.3),
                Estimate.NONE,
                null,
                null,
                List.<AblationPoint>of(),
                layers,
                effective);
    }

    private static List<Shape> shapes() {
        return List.of(
                new Shape(
                        "Doimo et al.",
                        "Beyond w*, the error of chunks falls with the power −1/2 of their size",
                        "seen",
                        "W = 512: −0.47 (−0.55 to −0.38), which holds −0.5",
                        List.of("yes: W = 64: −0.4", "yes: W = 512: −0.47")),
                new Shape(
                        "Doimo et al.",
                        "Clones appear only when train error is zero",
                        "not seen",
                        "stopped at a train error of 2.2%, chunks of 32 neurons were as good as the layer",
                        List.of()),
                new Shape(
                        "Casper et al.",
                        "Random labels lower the AUC",
                        "not measured",
                        "no group of this sweep has random labels",
                        null));
    }
}
