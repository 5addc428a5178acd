package dev.morula.redundancy.sweep;

import dev.morula.data.Labelling;
import dev.morula.redundancy.Analysis;
import dev.morula.redundancy.SweepSummary.BoundTerms;
import dev.morula.redundancy.depth.DepthBound;
import dev.morula.redundancy.depth.DepthBound.Trial;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeMap;

/**
 * The terms of the bound of Galanti et al., where a sweep has what they take: networks trained on the first m samples, S1,
 * and networks that are alike but for their depth, trained on more samples, of which those from m on, S2, have noisy labels
 * ({@code noise=0.2,from=m}).
 */
public final class DepthBounds {
    private static final String LABELS = "labels";
    private static final String TRAIN_SIZE = "trainSize";
    private static final double ALPHA = 0; // the delta terms, which grow as it falls, are not known anyway

    private DepthBounds() {}

    /** One for each kind trained on S1 alone and each error allowed, by the order of the kinds. */
    public static List<BoundTerms> of(List<Kind> kinds) {
        List<BoundTerms> bounds = new ArrayList<>();
        for (Kind clean : kinds) {
            List<Kind> noisy =
                    kinds.stream().filter(kind -> isNoisierThan(clean, kind)).toList();
            for (String error : errors(clean)) {
                List<Integer> depths = new ArrayList<>();
                noisy.forEach(kind -> depths.addAll(depths(kind, error)));
                if (!depths.isEmpty()) {
                    bounds.add(
                            terms(clean, error, depths, labelling(noisy.get(0)).noise()));
                }
            }
        }
        return bounds;
    }

    /** Whether {@code other} was trained on S1 and noisy S2 where {@code clean} was trained on S1; their depths may differ. */
    private static boolean isNoisierThan(Kind clean, Kind other) {
        if (!hasSamples(clean) || !hasSamples(other) || !rest(clean).equals(rest(other))) {
            return false;
        }
        Labelling given = labelling(clean);
        Labelling noisy = labelling(other);
        return given.noise() == 0
                && noisy.noise() > 0
                && given.target() == noisy.target()
                && noisy.from() == samples(clean)
                && samples(other) > samples(clean);
    }

    private static boolean hasSamples(Kind kind) {
        return kind.settings().containsKey(LABELS) && kind.settings().containsKey(TRAIN_SIZE);
    }

    private static Map<String, String> rest(Kind kind) {
        Map<String, String> rest = new TreeMap<>(kind.settings());
        rest.keySet().removeAll(Set.of(LABELS, TRAIN_SIZE, "depth"));
        return rest;
    }

    private static Labelling labelling(Kind kind) {
        return Labelling.parse(kind.settings().get(LABELS));
    }

    private static int samples(Kind kind) {
        return Integer.parseInt(kind.settings().get(TRAIN_SIZE));
    }

    private static Set<String> errors(Kind kind) {
        Set<String> errors = new LinkedHashSet<>();
        analyses(kind)
                .forEach(analysis -> errors.addAll(analysis.effectiveDepth().keySet()));
        return errors;
    }

    private static List<Analysis> analyses(Kind kind) {
        return kind.seeds().stream()
                .map(SeedResult::analysis)
                .filter(analysis -> analysis != null && analysis.effectiveDepth() != null)
                .toList();
    }

    /** One a seed; null where no layer errs that little. */
    private static List<Integer> depths(Kind kind, String error) {
        List<Integer> depths = new ArrayList<>();
        for (Analysis analysis : analyses(kind)) {
            Double depth = SeedMeans.effectiveDepth(analysis, error);
            depths.add(depth == null ? null : (Integer) depth.intValue());
        }
        return depths;
    }

    /** All seeds have the same samples and noise, so that there is one trial. */
    private static BoundTerms terms(Kind clean, String error, List<Integer> noisy, double share) {
        List<Integer> depths = depths(clean, error);
        DepthBound bound = DepthBound.of(List.of(new Trial(depths, noisy)), share, ALPHA);
        OptionalDouble least = noisy.stream()
                .filter(depth -> depth != null)
                .mapToDouble(Integer::doubleValue)
                .min();
        return new BoundTerms(
                clean.name(),
                error,
                depths.contains(null)
                        ? null
                        : depths.stream()
                                .mapToDouble(Integer::doubleValue)
                                .average()
                                .orElseThrow(),
                least.isPresent() ? least.getAsDouble() : null,
                1,
                share,
                ALPHA,
                bound.probability(),
                bound.noise(),
                bound.sum(),
                bound.deltas());
    }
}
