package dev.morula.redundancy.sweep;

import dev.morula.redundancy.Estimate;
import dev.morula.redundancy.SweepSummary.Group;
import dev.morula.redundancy.SweepSummary.Interval;
import dev.morula.redundancy.SweepSummary.LayerSummary;
import dev.morula.redundancy.SweepSummary.PowerLaw;
import dev.morula.redundancy.SweepSummary.SizeSummary;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A group of which nothing is known but what a test says. */
final class MadeUpGroup {
    private final Map<String, String> settings = new LinkedHashMap<>();
    private Map<String, String> name;
    private final Map<String, LayerSummary> layers = new LinkedHashMap<>();
    private final Map<String, Estimate> depths = new LinkedHashMap<>();
    private final List<SizeSummary> sizes = new ArrayList<>();
    private int width;
    private Interval criticalWidth;
    private Double clones;
    private PowerLaw law;
    private Estimate testError = Estimate.NONE;
    private Estimate ensemble;
    private Estimate similarUnits = Estimate.NONE;
    private Estimate removable = Estimate.NONE;
    private Estimate compressability = Estimate.NONE;

    /** Settings as name, value, name, value. */
    static MadeUpGroup with(String... settings) {
        MadeUpGroup group = new MadeUpGroup();
        for (int i = 0; i < settings.length; i += 2) {
            group.settings.put(settings[i], settings[i + 1]);
        }
        group.width = Integer.parseInt(group.settings.getOrDefault("width", "0"));
        return group;
    }

    /** What it is called, where that is not its settings. */
    MadeUpGroup named(Map<String, String> called) {
        name = called;
        return this;
    }

    /** Compressabilities of layers, name and value by turns, of as many neurons as the group is wide. */
    MadeUpGroup compressable(Object... namesAndShares) {
        Estimate none = Estimate.NONE;
        for (int i = 0; i < namesAndShares.length; i += 2) {
            Estimate share = new Estimate((Double) namesAndShares[i + 1], null);
            layers.put((String) namesAndShares[i], new LayerSummary(width, none, none, none, none, none, share));
        }
        return this;
    }

    MadeUpGroup critical(double value) {
        criticalWidth = new Interval(value, null, null);
        clones = width / value;
        return this;
    }

    MadeUpGroup law(Double value, Double low, Double high) {
        law = new PowerLaw(new Interval(value, low, high), new Interval(0.1, null, null), 1, 4);
        return this;
    }

    /** Chunks of one size; train error and R^2, which may be null. */
    MadeUpGroup chunk(int size, Double trainError, Double r2) {
        Estimate none = Estimate.NONE;
        sizes.add(new SizeSummary(size, new Estimate(trainError, null), none, new Estimate(r2, null), none, none));
        return this;
    }

    MadeUpGroup errors(double wide, double error, Double together) {
        testError = new Estimate(wide, error);
        ensemble = together == null ? null : new Estimate(together, error);
        return this;
    }

    MadeUpGroup similarUnits(double mean, Double error) {
        similarUnits = new Estimate(mean, error);
        return this;
    }

    MadeUpGroup removable(double mean, Double error) {
        removable = new Estimate(mean, error);
        return this;
    }

    MadeUpGroup compressability(double mean, Double error) {
        compressability = new Estimate(mean, error);
        return this;
    }

    /** Nearest class centre accuracies of layers 1, 2, ... and of the last by its other name. */
    MadeUpGroup accuracies(Double... accuracies) {
        Estimate none = Estimate.NONE;
        for (int layer = 0; layer < accuracies.length; layer++) {
            Estimate accuracy = new Estimate(accuracies[layer], null);
            layers.put(String.valueOf(layer + 1), new LayerSummary(8, accuracy, none, none, none, none, none));
            layers.put("last", new LayerSummary(8, accuracy, none, none, none, none, none));
        }
        return this;
    }

    MadeUpGroup depth(String error, Double mean, Double standardError) {
        depths.put(error, new Estimate(mean, standardError));
        return this;
    }

    Group group() {
        return new Group(
                settings,
                name == null ? settings : name,
                width,
                List.of(),
                Estimate.NONE,
                testError,
                null,
                null,
                sizes,
                criticalWidth,
                clones,
                law,
                null,
                ensemble,
                similarUnits,
                removable,
                Estimate.NONE,
                compressability,
                List.of(),
                layers,
                depths);
    }
}
