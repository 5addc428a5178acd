package dev.morula.report;

import dev.morula.redundancy.Analysis.AblationPoint;
import dev.morula.redundancy.Analysis.ChunkAnalysis;
import dev.morula.redundancy.Estimate;
import dev.morula.redundancy.SweepSummary;
import dev.morula.redundancy.SweepSummary.BoundTerms;
import dev.morula.redundancy.SweepSummary.Group;
import dev.morula.redundancy.SweepSummary.Interval;
import dev.morula.redundancy.SweepSummary.LayerSummary;
import dev.morula.redundancy.SweepSummary.PowerLaw;
import dev.morula.redundancy.SweepSummary.Run;
import dev.morula.redundancy.SweepSummary.Shape;
import dev.morula.redundancy.SweepSummary.SizeSummary;
import dev.morula.redundancy.SweepSummary.WidthGrowth;
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

    /** Noisy labels in networks that have more samples too. */
    static SweepSummary noiseBesideSamples() {
        List<Group> groups = new ArrayList<>();
        for (int depth : new int[] {2, 4}) {
            groups.add(deep(depth, "as-given"));
            Group noisy = deep(depth, "noise=0.1");
            Map<String, String> settings = new LinkedHashMap<>(noisy.settings());
            settings.put("trainSize", "100");
            groups.add(with(noisy, settings, null, noisy.layers()));
        }
        return summary("mlp-L{L}-H128", groups, List.of());
    }

    /** One network with a projection of a shortcut, "2". */
    static SweepSummary residual() {
        Group group = deep(3, "as-given");
        Map<String, LayerSummary> layers = new LinkedHashMap<>(group.layers());
        LayerSummary second = layers.get("2");
        layers.put(
                "2",
                new LayerSummary(
                        second.neurons(),
                        Estimate.NONE,
                        Estimate.NONE,
                        Estimate.NONE,
                        Estimate.NONE,
                        second.similarUnits(),
                        second.compressability()));
        layers.put("last", layers.get("3"));
        return summary("resnet8", List.of(with(group, group.settings(), null, layers)), List.of());
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

    /** A network of two widths, with a variant; one chunk's error is that of the ensemble but for rounding. */
    static SweepSummary variants() {
        List<Group> groups = new ArrayList<>();
        for (String variant : List.of("baseline", "stopped")) {
            for (int width : new int[] {64, 128}) {
                boolean clones = variant.equals("baseline");
                Map<String, String> settings =
                        settings("width", width, "goal", clones ? "schedule-done" : "loss-at-most-0.04");
                Group group = chunked(width, clones ? 16 : width, clones, settings);
                groups.add(named(group, settings("width", width, "variant", variant)));
            }
        }
        return summary("pmnist:W", groups, shapes());
    }

    /** Growth and a bound, with values that are not defined. */
    static SweepSummary growing() {
        Map<String, Double> layers = new LinkedHashMap<>();
        layers.put("1", 2.5);
        layers.put("2", null);
        return new SweepSummary(
                "mlp:784-W",
                "mnist-mini",
                0,
                0,
                single().groups(),
                List.of(),
                List.of(
                        new WidthGrowth(settings("init", "he"), List.of(16.0, 32.0, 64.0), 2.25, layers),
                        new WidthGrowth(settings("init", "glorot"), List.of(16.0), null, Map.of())),
                List.of(new BoundTerms(
                        settings("depth", 4), "0.03", 2.5, null, 1, 0.2, 0, 0, 0.2, 0.2, "not computed")));
    }

    /** The same group with a name, whose fourth chunk's error is what the ensemble's is but for rounding. */
    private static Group named(Group group, Map<String, String> name) {
        List<SizeSummary> sizes = new ArrayList<>(group.sizes());
        SizeSummary size = sizes.get(3);
        sizes.set(
                3,
                new SizeSummary(
                        size.size(),
                        size.trainError(),
                        new Estimate(group.errInf() * (1 + 1e-15), 0.001),
                        size.r2(),
                        size.residualCorrelation(),
                        size.residualCorrelationAllPairs()));
        return with(group, group.settings(), name, sizes, group.layers());
    }

    private static Group with(
            Group group, Map<String, String> settings, Map<String, String> name, Map<String, LayerSummary> layers) {
        return with(group, settings, name, group.sizes(), layers);
    }

    private static Group with(
            Group group,
            Map<String, String> settings,
            Map<String, String> name,
            List<SizeSummary> sizes,
            Map<String, LayerSummary> layers) {
        return new Group(
                settings,
                name,
                group.width(),
                group.runs(),
                group.trainError(),
                group.testError(),
                group.errInf(),
                group.errInfStdError(),
                sizes,
                group.criticalWidth(),
                group.clones(),
                group.law(),
                group.lawOfEnsemble(),
                group.ensembleError(),
                group.similarUnits(),
                group.removable(),
                group.prunability(),
                group.compressability(),
                group.ablation(),
                layers,
                group.effectiveDepth());
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
