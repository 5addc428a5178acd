package dev.morula.redundancy.sweep;

import dev.morula.redundancy.Estimate;
import dev.morula.redundancy.SweepSummary.Group;
import dev.morula.redundancy.SweepSummary.Interval;
import dev.morula.redundancy.SweepSummary.PowerLaw;
import dev.morula.redundancy.SweepSummary.Shape;
import dev.morula.redundancy.SweepSummary.SizeSummary;
import dev.morula.redundancy.chunks.CriticalWidth;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;

/** What Doimo et al. saw of random chunks and clones. */
final class ChunkShapes {
    private static final String PAPER = "Doimo et al., chunks";
    private static final String WIDTH = "width";
    private static final String EARLY_GOALS = "loss-at-most-|least-validation-error-within-";
    private static final double LAW = -0.5;
    private static final double CLOSE_TO_LAW = 0.1;
    private static final double TOO_WIDE = 1;
    private static final double LINEAR = 0.95;
    private static final int WIDTHS_OF_A_LINE = 3;
    private static final double CLONES = 2;
    private static final double ALL_VARIANCE = 0.98;
    private static final double STANDARD_ERRORS = 2;

    private ChunkShapes() {}

    static List<Shape> of(List<Group> groups) {
        return List.of(law(groups), linear(groups), decay(groups), early(groups), explained(groups), ensemble(groups));
    }

    /**
     * An exponent within 0.1 of -1/2, or with -1/2 in its interval: that towards the error of the seeds' ensemble, as the
     * paper has it, and of a single seed the one that is fitted with the error at infinity. Left out are fits whose
     * interval is wider than 1, since they say nothing, and networks stopped early or without weight decay.
     */
    private static Shape law(List<Group> groups) {
        Verdict verdict = new Verdict(PAPER, "beyond w* the error falls as chunk size to the power -1/2");
        for (Group group : groups) {
            PowerLaw law = group.lawOfEnsemble() != null ? group.lawOfEnsemble() : group.law();
            if (isRegularised(group) && law != null) {
                Interval exponent = law.exponent();
                boolean bounded = exponent.low() != null && exponent.high() != null;
                if (exponent.value() != null && (!bounded || exponent.high() - exponent.low() <= TOO_WIDE)) {
                    boolean close = Math.abs(exponent.value() - LAW) <= CLOSE_TO_LAW;
                    boolean inside = bounded && exponent.low() <= LAW && LAW <= exponent.high();
                    verdict.add(close || inside, "%s: exponent %s", Kinds.name(group), text(exponent));
                }
            }
        }
        return verdict.shape("takes three chunk sizes from w* on, and seeds enough for an interval below 1");
    }

    private static boolean isRegularised(Group group) {
        Double decay = Kinds.number(group, "weightDecay");
        return (decay == null || decay > 0) && !isEarly(group.settings().getOrDefault("goal", ""));
    }

    private static boolean isEarly(String goal) {
        return goal.matches("(" + EARLY_GOALS + ").*");
    }

    private static String text(Interval interval) {
        String value = Verdict.text(new Estimate(interval.value(), null));
        return interval.low() == null || interval.high() == null
                ? value
                : value + " [" + Verdict.text(new Estimate(interval.low(), null)) + ", "
                        + Verdict.text(new Estimate(interval.high(), null)) + "]";
    }

    /**
     * From the narrowest network that has clones on all have, these are three widths or more, and the number of clones and
     * the width correlate by 0.95 or more. Left out are networks without weight decay, stopped early, or with a train error
     * above half a percent, which have no critical width by its definition.
     */
    private static Shape linear(List<Group> groups) {
        Verdict verdict = new Verdict(PAPER, "the number of clones grows linearly with the width");
        List<Group> measured = groups.stream()
                .filter(group -> isRegularised(group) && fits(group))
                .toList();
        for (List<Group> series : Kinds.series(measured, WIDTH, WIDTHS_OF_A_LINE)) {
            Double correlation = correlation(
                    series.stream().dropWhile(group -> group.clones() == null).toList());
            verdict.add(
                    correlation != null && correlation >= LINEAR,
                    "%s%s",
                    correlation == null ? "" : String.format(Locale.ROOT, "correlation %.3g; ", correlation),
                    Rises.figures(series, group -> new Estimate(group.clones(), null)));
        }
        return verdict.shape("takes chunks of three widths that classify the train set");
    }

    /** Whether the whole layer classifies the train set. */
    private static boolean fits(Group group) {
        int sizes = group.sizes().size();
        Double error =
                sizes == 0 ? null : group.sizes().get(sizes - 1).trainError().mean();
        return error != null && error <= CriticalWidth.MOST_ERROR;
    }

    /** Pearson's, of width and clones; null if one has no clones, there are too few, or either does not vary. */
    private static Double correlation(List<Group> groups) {
        if (groups.size() < WIDTHS_OF_A_LINE || groups.stream().anyMatch(group -> group.clones() == null)) {
            return null;
        }
        double[] x = groups.stream().mapToDouble(Group::width).toArray();
        double[] y = groups.stream().mapToDouble(Group::clones).toArray();
        double meanX = Arrays.stream(x).average().orElse(0);
        double meanY = Arrays.stream(y).average().orElse(0);
        double xy = 0;
        double xx = 0;
        double yy = 0;
        for (int i = 0; i < x.length; i++) {
            xy += (x[i] - meanX) * (y[i] - meanY);
            xx += (x[i] - meanX) * (x[i] - meanX);
            yy += (y[i] - meanY) * (y[i] - meanY);
        }
        return xx > 0 && yy > 0 ? xy / Math.sqrt(xx * yy) : null;
    }

    /**
     * Where a network with weight decay has two clones or more, the one without has fewer than two: its chunks of half the
     * width do not do what the whole layer does.
     */
    private static Shape decay(List<Group> groups) {
        return compared(
                new Verdict(PAPER, "no knee without weight decay"),
                Kinds.pairs(
                        groups,
                        "weightDecay",
                        text -> Double.parseDouble(text) > 0,
                        text -> Double.parseDouble(text) == 0),
                "takes --weight-decays with 0 and above, and clones with weight decay");
    }

    /**
     * Where the fully trained network has two clones or more, the one stopped early has fewer than two. Since that one has
     * train errors left, a chunk counts as good as the layer if it makes at most half a percent more than the layer.
     */
    private static Shape early(List<Group> groups) {
        Predicate<String> isLate = goal -> !isEarly(goal);
        return compared(
                new Verdict(PAPER, "clones appear only with zero train error: a network stopped early has none"),
                Kinds.pairs(groups, "goal", isLate, ChunkShapes::isEarly),
                "takes a variant with --until-loss or --patience, and clones in the fully trained network");
    }

    private static Shape compared(Verdict verdict, List<Kinds.Pair> pairs, String whatItTakes) {
        for (Kinds.Pair pair : pairs) {
            Double with = RelativeClones.of(pair.one());
            Double without = RelativeClones.of(pair.other());
            if (with != null && with >= CLONES && without != null) {
                verdict.add(
                        without < CLONES,
                        "%s: %.1f clones; %s: %.1f",
                        Kinds.name(pair.one()),
                        with,
                        Kinds.name(pair.other()),
                        without);
            }
        }
        return verdict.shape(whatItTakes);
    }

    /** R^2 at w*, interpolated between the tested sizes by the logarithm of the size, is 0.98 or more. */
    private static Shape explained(List<Group> groups) {
        Verdict verdict = new Verdict(PAPER, "a chunk of w* neurons explains the whole layer: R^2 rises to 1");
        for (Group group : groups) {
            Double width =
                    group.criticalWidth() == null ? null : group.criticalWidth().value();
            Double explained = width == null || !isRegularised(group) ? null : explainedAt(group.sizes(), width);
            if (explained != null) {
                verdict.add(explained >= ALL_VARIANCE, "%s: R^2 %.3f at w* %.1f", Kinds.name(group), explained, width);
            }
        }
        return verdict.shape("takes a critical width and --chunks-r2 of 1 or more");
    }

    private static Double explainedAt(List<SizeSummary> sizes, double width) {
        List<SizeSummary> known = new ArrayList<>(
                sizes.stream().filter(size -> size.r2().mean() != null).toList());
        for (int i = 0; i < known.size(); i++) {
            SizeSummary size = known.get(i);
            if (size.size() == width) {
                return size.r2().mean();
            } else if (i > 0 && size.size() > width && known.get(i - 1).size() < width) {
                SizeSummary before = known.get(i - 1);
                double part = Math.log(width / before.size()) / Math.log((double) size.size() / before.size());
                return before.r2().mean()
                        + part * (size.r2().mean() - before.r2().mean());
            }
        }
        return null;
    }

    /** The wide network's test error is at most the ensemble's, or above it by less than two standard errors. */
    private static Shape ensemble(List<Group> groups) {
        Verdict verdict =
                new Verdict(PAPER, "a wide network is as good as an ensemble of as many networks as it has clones");
        for (Group group : groups) {
            Estimate ensemble = group.ensembleError();
            if (isRegularised(group)
                    && ensemble != null
                    && ensemble.mean() != null
                    && group.testError().mean() != null) {
                double wide = group.testError().mean();
                Double above = Verdict.standardErrorsAbove(group.testError(), ensemble);
                verdict.add(
                        above == null ? wide <= ensemble.mean() : above < STANDARD_ERRORS,
                        "%s: %s; ensemble %s",
                        Kinds.name(group),
                        Verdict.text(group.testError()),
                        Verdict.text(ensemble));
            }
        }
        return verdict.shape("takes a critical width, a width near it, and as many seeds there as there are clones");
    }
}
