package dev.morula.redundancy.sweep;

import dev.morula.kernel.Matrix;
import dev.morula.redundancy.Estimate;
import dev.morula.redundancy.chunks.EnsembleError;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * As many networks as a wide one has clones, each of a width near the critical one: groups of the same sweep that differ in
 * their width alone.
 */
final class CloneEnsemble {
    private CloneEnsemble() {}

    /**
     * Test error of {@code clones} networks of the width nearest to {@code criticalWidth}, by ratio. Where the seeds suffice
     * for several ensembles without a network in common it is their mean; null if they do not suffice for one.
     */
    static Estimate error(Kind wide, double criticalWidth, double clones, List<Kind> all) {
        int count = Math.toIntExact(Math.round(clones));
        Kind nearest = nearest(wide, criticalWidth, all);
        List<Matrix> logits = nearest == null ? List.of() : nearest.testLogits();
        List<Double> errors = new ArrayList<>();
        for (int first = 0; count > 0 && first + count <= logits.size(); first += count) {
            errors.add(new EnsembleError(logits.subList(first, first + count), wide.labels())
                    .error()
                    .mean());
        }
        return errors.isEmpty()
                ? null
                : Estimate.of(errors.stream().mapToDouble(Double::doubleValue).toArray());
    }

    private static Kind nearest(Kind wide, double criticalWidth, List<Kind> all) {
        Kind nearest = null;
        for (Kind kind : all) {
            boolean alike = kind != wide && kind.width() > 0 && rest(kind).equals(rest(wide));
            if (alike && (nearest == null || far(kind, criticalWidth) < far(nearest, criticalWidth))) {
                nearest = kind;
            }
        }
        return nearest;
    }

    private static double far(Kind kind, double width) {
        return Math.abs(Math.log(kind.width() / width));
    }

    private static Map<String, String> rest(Kind kind) {
        Map<String, String> rest = new TreeMap<>(kind.settings());
        rest.remove("width");
        return rest;
    }
}
