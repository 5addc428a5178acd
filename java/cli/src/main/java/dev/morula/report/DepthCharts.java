package dev.morula.report;

import dev.morula.redundancy.Estimate;
import dev.morula.redundancy.SweepSummary.Group;
import dev.morula.redundancy.SweepSummary.LayerSummary;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** Layers of networks of several depths, and effective depths. */
final class DepthCharts {
    private static final String LAST = "last";

    private final SweptGroups groups;
    private final String axis;
    private final DataTable layers = DataTable.of(
            "variant",
            "network",
            "position",
            "layer",
            "nccTrainAccuracy",
            "nccTrainAccuracyStdError",
            "nccTestAccuracy",
            "nccTestAccuracyStdError",
            "cdnv",
            "cdnvStdError");

    DepthCharts(SweptGroups groups) {
        this.groups = groups;
        boolean depths =
                groups.groups().stream().map(SweptGroups::depth).distinct().count() > 1;
        this.axis = depths ? SweptGroups.DEPTH : SweptGroups.WIDTH;
        groups.groups().forEach(this::list);
    }

    private void list(Group group) {
        int position = 0;
        for (Map.Entry<String, LayerSummary> entry :
                (group.layers() == null ? Map.<String, LayerSummary>of() : group.layers()).entrySet()) {
            LayerSummary layer = entry.getValue();
            boolean again = entry.getKey().equals(LAST) && group.layers().size() > 1; // one of the hidden layers
            if (again || Swept.mean(layer.nccTrainAccuracy()) == null) {
                continue; // or a projection of a shortcut, which is not between other layers
            }
            layers.add(
                    groups.variant(group, axis),
                    network(group),
                    ++position,
                    entry.getKey(),
                    Swept.mean(layer.nccTrainAccuracy()),
                    Swept.standardError(layer.nccTrainAccuracy()),
                    Swept.mean(layer.nccTestAccuracy()),
                    Swept.standardError(layer.nccTestAccuracy()),
                    Swept.mean(layer.cdnv()),
                    Swept.standardError(layer.cdnv()));
        }
    }

    private String network(Group group) {
        return axis.equals(SweptGroups.DEPTH)
                ? SweptGroups.depth(group).map(Numbers::plain).orElse("none")
                : Integer.toString(group.width());
    }

    private Chart byLayer(String name, String title, String how, String column, Axis left) {
        Plot plot = Plot.lines("position", Axis.counted("layer, from the input"), left)
                .measure(column, column + "StdError", left.title());
        String legend = axis.equals(SweptGroups.DEPTH) ? "L" : "W";
        return new Chart(name, title, how, layers, Swept.arranged(plot, layers, "network", legend));
    }

    Chart centres() {
        return byLayer(
                "class-centres",
                "Accuracy of nearest class centres by layer, train samples",
                LayerCharts.CENTRES_HOW + " The paper sees the same curve whatever the depth L.",
                "nccTrainAccuracy",
                Axis.percent("train accuracy of class centres", Scale.LINEAR));
    }

    Chart variation() {
        return byLayer(
                "class-variation",
                "Variation within classes (CDNV) by layer",
                LayerCharts.VARIATION_HOW,
                "cdnv",
                Axis.plain("CDNV", Scale.LOG));
    }

    Chart byDepth() {
        DataTable rows = DataTable.of("variant", "depth", "allowed", "effectiveDepth", "effectiveDepthStdError");
        for (Group group : groups.groups()) {
            effectiveDepths(group)
                    .forEach((allowed, depth) -> rows.add(
                            groups.variant(group, SweptGroups.DEPTH),
                            SweptGroups.depth(group).orElse(null),
                            percent(allowed),
                            Swept.mean(depth),
                            Swept.standardError(depth)));
        }
        Plot plot = Plot.lines("depth", Axis.counted("hidden layers, L"), Axis.plain("effective depth", Scale.ZERO))
                .measure("effectiveDepth", "effectiveDepthStdError", "effective depth");
        return rows.distinct("depth").size() < 2
                ? null
                : new Chart(
                        "effective-depth",
                        DepthSentence.of(groups).orElse("Effective depth against the depth of the network"),
                        "The first layer whose nearest class centres get at most ε of the train samples wrong; mean over the "
                                + "seeds that have one, bars are standard errors. The paper sees it level off as L grows.",
                        rows,
                        Swept.arranged(plot, rows, "allowed", "ε"));
    }

    Chart byNoise() {
        DataTable rows =
                DataTable.of("variant", "noise", "network", "allowed", "effectiveDepth", "effectiveDepthStdError");
        groups.groups().stream()
                .sorted((one, other) -> Double.compare(
                        SweptGroups.noise(one).orElse(0.0),
                        SweptGroups.noise(other).orElse(0.0)))
                .forEach(group -> effectiveDepths(group)
                        .forEach((allowed, depth) -> rows.add(
                                variant(group, allowed),
                                SweptGroups.noise(group).orElse(null),
                                network(group),
                                percent(allowed),
                                Swept.mean(depth),
                                Swept.standardError(depth))));
        Plot plot = Plot.lines(
                        "noise",
                        Axis.percent("labels replaced at random", Scale.ZERO),
                        Axis.plain("effective depth", Scale.ZERO))
                .measure("effectiveDepth", "effectiveDepthStdError", "effective depth");
        return !comparesNoise()
                ? null
                : new Chart(
                        "effective-depth-noise",
                        "Effective depth against label noise",
                        "The same for labels of which a share was replaced by random ones. The paper sees it rise: noise takes "
                                + "more layers to fit.",
                        rows,
                        Swept.arranged(plot, rows, "network", axis.equals(SweptGroups.DEPTH) ? "L" : "W"));
    }

    /** Whether there are networks that differ in the noise of their labels alone. */
    private boolean comparesNoise() {
        Map<String, Set<Double>> noises = new HashMap<>();
        for (Group group : groups.groups()) {
            noises.computeIfAbsent(network(group) + "\n" + groups.variantButNoise(group, axis), key -> new HashSet<>())
                    .add(SweptGroups.noise(group).orElse(0.0));
        }
        return noises.values().stream().anyMatch(values -> values.size() > 1);
    }

    private String variant(Group group, String allowed) {
        String rest = groups.variantButNoise(group, axis);
        return "ε = " + percent(allowed) + (rest.isEmpty() ? "" : ", " + rest);
    }

    private static Map<String, Estimate> effectiveDepths(Group group) {
        return group.effectiveDepth() == null ? Map.of() : group.effectiveDepth();
    }

    private static String percent(String allowed) {
        return Numbers.round(Double.parseDouble(allowed));
    }
}
