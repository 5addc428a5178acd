package dev.morula.redundancy.sweep;

import dev.morula.redundancy.Estimate;
import dev.morula.redundancy.SweepSummary.Group;
import dev.morula.redundancy.SweepSummary.LayerSummary;
import dev.morula.redundancy.SweepSummary.WidthGrowth;
import dev.morula.redundancy.units.Growth;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** How compressible directions grow with the width: g of Casper et al., over groups that differ in their width alone. */
public final class WidthGrowths {
    private static final String WIDTH = "width";

    private WidthGrowths() {}

    /** One for each series of two widths or more. */
    public static List<WidthGrowth> of(List<Group> groups) {
        return Kinds.series(groups, WIDTH, 2).stream().map(WidthGrowths::growth).toList();
    }

    private static WidthGrowth growth(List<Group> series) {
        Map<String, Double> layers = new LinkedHashMap<>();
        for (String layer : layers(series)) {
            layers.put(layer, Growth.perDoubling(directions(series, layer)));
        }
        Map<String, String> name = new LinkedHashMap<>(series.get(0).name());
        name.remove(WIDTH);
        return new WidthGrowth(name, widths(series, layers.keySet()), mean(layers), layers);
    }

    /** The hidden layers; that which the read-out reads has one of them again, so it counts where it is alone. */
    private static Set<String> layers(List<Group> series) {
        Set<String> layers = new LinkedHashSet<>();
        series.forEach(group -> layers.addAll(group.layers().keySet()));
        if (layers.size() > 1) {
            layers.remove(SeedResult.LAST);
        }
        return layers;
    }

    /** By width; of a convolution times its positions, which are as many at every width. */
    private static SortedMap<Double, Double> directions(List<Group> series, String name) {
        SortedMap<Double, Double> directions = new TreeMap<>();
        for (Group group : series) {
            LayerSummary layer = group.layers().get(name);
            if (layer != null && layer.compressability().mean() != null) {
                directions.put(
                        Kinds.number(group, WIDTH), layer.compressability().mean() * layer.neurons());
            }
        }
        return directions;
    }

    private static List<Double> widths(List<Group> series, Set<String> layers) {
        return series.stream()
                .filter(group -> layers.stream()
                        .anyMatch(layer -> group.layers().containsKey(layer)
                                && group.layers().get(layer).compressability().mean() != null))
                .map(group -> Kinds.number(group, WIDTH))
                .toList();
    }

    private static Double mean(Map<String, Double> layers) {
        return Estimate.of(layers.values().stream()
                        .filter(growth -> growth != null)
                        .mapToDouble(Double::doubleValue)
                        .toArray())
                .mean();
    }
}
