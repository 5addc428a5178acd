package dev.morula.redundancy.sweep;

import dev.morula.redundancy.Estimate;
import dev.morula.redundancy.SweepSummary.Group;
import dev.morula.redundancy.SweepSummary.LayerSummary;
import dev.morula.redundancy.SweepSummary.Shape;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What Galanti et al. saw of nearest class centres and effective depth. */
final class DepthShapes {
    private static final String PAPER = "Galanti et al., depth";
    private static final String DEPTH = "depth";
    private static final String LAST = SeedResult.LAST; // a layer by another name at each depth
    private static final double CLOSE_ACCURACY = 0.05;
    private static final double CLOSE_DEPTH = 1;
    private static final double ROOM = 2;
    private static final double STANDARD_ERRORS = 2;

    private DepthShapes() {}

    static List<Shape> of(List<Group> groups) {
        return List.of(curves(groups), saturation(groups), noise(groups));
    }

    /**
     * Of two networks next in depth, the nearest class centre's train accuracy differs by at most 0.05, in the mean over
     * the layers that both have.
     */
    private static Shape curves(List<Group> groups) {
        Verdict verdict = new Verdict(PAPER, "curves of nearest class centre accuracy hardly depend on the depth");
        for (List<Group> series : Kinds.series(groups, DEPTH, 2)) {
            for (int i = 1; i < series.size(); i++) {
                Double difference =
                        difference(series.get(i - 1).layers(), series.get(i).layers());
                if (difference != null) {
                    String rest = Kinds.name(series.get(i), DEPTH);
                    verdict.add(
                            difference <= CLOSE_ACCURACY,
                            "depth %s and %s%s: mean difference %.3f",
                            series.get(i - 1).settings().get(DEPTH),
                            series.get(i).settings().get(DEPTH),
                            rest.isEmpty() ? "" : ", " + rest,
                            difference);
                }
            }
        }
        return verdict.shape("takes --layers all and two depths");
    }

    private static Double difference(Map<String, LayerSummary> one, Map<String, LayerSummary> other) {
        double sum = 0;
        int layers = 0;
        for (Map.Entry<String, LayerSummary> layer : one.entrySet()) {
            LayerSummary same = layer.getKey().equals(LAST) ? null : other.get(layer.getKey());
            Double accuracy = layer.getValue().nccTrainAccuracy().mean();
            if (same != null && accuracy != null && same.nccTrainAccuracy().mean() != null) {
                sum += Math.abs(accuracy - same.nccTrainAccuracy().mean());
                layers++;
            }
        }
        return layers == 0 ? null : sum / layers;
    }

    /**
     * The two deepest networks of a series have effective depths that differ by at most one layer, the deepest has two
     * layers or more beyond its own. Counted for every error allowed at which both have one.
     */
    private static Shape saturation(List<Group> groups) {
        Verdict verdict = new Verdict(PAPER, "effective depth stops growing with the depth");
        for (List<Group> series : Kinds.series(groups, DEPTH, 2)) {
            Group deepest = series.get(series.size() - 1);
            Group next = series.get(series.size() - 2);
            for (String error : errors(deepest, next)) {
                Estimate last = deepest.effectiveDepth().get(error);
                Estimate before = next.effectiveDepth().get(error);
                if (isKnown(last) && isKnown(before)) {
                    double depth = Kinds.number(deepest, DEPTH);
                    verdict.add(
                            Math.abs(last.mean() - before.mean()) <= CLOSE_DEPTH && depth - last.mean() >= ROOM,
                            "error %s, %s: %s; depth %s: %s",
                            error,
                            Kinds.name(deepest),
                            Verdict.text(last),
                            next.settings().get(DEPTH),
                            Verdict.text(before));
                }
            }
        }
        return verdict.shape("takes --layers all, two depths, and layers that get below the errors allowed");
    }

    private static Set<String> errors(Group one, Group other) {
        Set<String> errors = new LinkedHashSet<>(one.effectiveDepth().keySet());
        errors.retainAll(other.effectiveDepth().keySet());
        return errors;
    }

    private static boolean isKnown(Estimate estimate) {
        return estimate != null && estimate.mean() != null;
    }

    /**
     * With noisy labels the effective depth is greater by more than twice the standard error of the difference, or no layer
     * is deep enough any more. Counted for every error allowed at which the network without noise has one; a difference
     * without known standard error counts from half a layer on.
     */
    private static Shape noise(List<Group> groups) {
        Verdict verdict = new Verdict(PAPER, "effective depth rises with label noise");
        List<Kinds.Pair> pairs =
                Kinds.pairs(groups, "labels", text -> !text.contains("noise="), text -> text.contains("noise="));
        for (Kinds.Pair pair : pairs) {
            for (String error : errors(pair.one(), pair.other())) {
                Estimate clean = pair.one().effectiveDepth().get(error);
                Estimate noisy = pair.other().effectiveDepth().get(error);
                if (isKnown(clean)) {
                    verdict.add(
                            isDeeper(noisy, clean),
                            "error %s, %s: %s; %s: %s",
                            error,
                            Kinds.name(pair.one()),
                            Verdict.text(clean),
                            pair.other().settings().get("labels"),
                            Verdict.text(noisy));
                }
            }
        }
        return verdict.shape("takes --layers all and --label-variants as-given/noise=0.2");
    }

    private static boolean isDeeper(Estimate noisy, Estimate clean) {
        if (!isKnown(noisy)) {
            return true;
        }
        Double above = Verdict.standardErrorsAbove(noisy, clean);
        return above == null ? noisy.mean() - clean.mean() >= 0.5 : above > STANDARD_ERRORS;
    }
}
