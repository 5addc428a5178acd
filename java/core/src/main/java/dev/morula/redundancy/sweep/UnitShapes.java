package dev.morula.redundancy.sweep;

import dev.morula.redundancy.Estimate;
import dev.morula.redundancy.SweepSummary.Group;
import dev.morula.redundancy.SweepSummary.Shape;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What Casper et al. saw of repeated and removable units. */
final class UnitShapes {
    private static final String PAPER = "Casper et al., units";
    private static final double STANDARD_ERRORS = 2;
    private static final int FEW_INPUTS = 10;
    private static final int MANY_INPUTS = 1000;
    private static final double MANY_UNITS = 1;
    private static final double HARDLY_ANY = 0.1;
    private static final Pattern TEACHER_INPUTS = Pattern.compile("teacher:(?:.*,)?d=(\\d+).*");

    private UnitShapes() {}

    static List<Shape> of(List<Group> groups) {
        return List.of(
                Rises.withWidth(
                        PAPER,
                        "similar units rise with the width",
                        groups,
                        Group::similarUnits,
                        "takes --layers all, two widths and two seeds"),
                Rises.withWidth(
                        PAPER,
                        "the area under the ablation curve rises with the width",
                        groups,
                        Group::removable,
                        "takes --layers all, two widths and two seeds"),
                Rises.withWidth(
                        PAPER,
                        "compressability rises with the width",
                        groups,
                        Group::compressability,
                        "takes --layers all, two widths and two seeds"),
                lower(groups),
                moreRepeats(groups),
                inputs(groups));
    }

    /** Random labels: the area is lower by more than twice the standard error of the difference. */
    private static Shape lower(List<Group> groups) {
        return compared(
                new Verdict(PAPER, "random labels lower the area under the ablation curve"),
                Kinds.pairs(groups, "labels", text -> !isNoisy(text), UnitShapes::isRandom),
                Group::removable,
                "takes --layers all, --label-variants as-given/random and two seeds");
    }

    private static boolean isNoisy(String labels) {
        return isRandom(labels) || labels.contains("noise=");
    }

    private static boolean isRandom(String labels) {
        return labels.contains("random") || labels.matches(".*noise=1(\\.0*)?(,.*)?");
    }

    /** He against Glorot: similar units are more by more than twice the standard error of the difference. */
    private static Shape moreRepeats(List<Group> groups) {
        return compared(
                new Verdict(PAPER, "He initialisation gives more similar units than Glorot"),
                Kinds.pairs(groups, "init", Predicate.isEqual("he"), Predicate.isEqual("glorot")),
                Group::similarUnits,
                "takes --layers all, --inits he,glorot and two seeds");
    }

    private static Shape compared(
            Verdict verdict, List<Kinds.Pair> pairs, Function<Group, Estimate> value, String whatItTakes) {
        for (Kinds.Pair pair : pairs) {
            Estimate higher = value.apply(pair.one());
            Estimate lower = value.apply(pair.other());
            Double above = Verdict.standardErrorsAbove(higher, lower);
            if (above != null) {
                verdict.add(
                        above > STANDARD_ERRORS,
                        "%s: %s; %s: %s",
                        Kinds.name(pair.one()),
                        Verdict.text(higher),
                        Kinds.name(pair.other()),
                        Verdict.text(lower));
            }
        }
        return verdict.shape(whatItTakes);
    }

    /**
     * The synthetic task: at the largest width of each, a unit has one similar unit or more where samples have up to 10
     * features, and less than a tenth of one where they have 1,000 or more.
     */
    private static Shape inputs(List<Group> groups) {
        Verdict verdict =
                new Verdict(PAPER, "the synthetic task gives many similar units at d = 10, none at d = 10,000");
        Group few = widest(groups, inputs -> inputs <= FEW_INPUTS);
        Group many = widest(groups, inputs -> inputs >= MANY_INPUTS);
        if (few != null && many != null) {
            double repeats = few.similarUnits().mean();
            double none = many.similarUnits().mean();
            verdict.add(
                    repeats >= MANY_UNITS && none < HARDLY_ANY,
                    "%s: %s; %s: %s",
                    Kinds.name(few),
                    Verdict.text(few.similarUnits()),
                    Kinds.name(many),
                    Verdict.text(many.similarUnits()));
        }
        return verdict.shape("takes --layers all and data teacher:d=10 and teacher:d=10000");
    }

    /** The widest group on a teacher's samples with such a number of features; null if there is none. */
    private static Group widest(List<Group> groups, Predicate<Integer> inputs) {
        Group widest = null;
        for (Group group : groups) {
            Matcher teacher = TEACHER_INPUTS.matcher(group.settings().getOrDefault("data", ""));
            if (teacher.matches()
                    && inputs.test(Integer.valueOf(teacher.group(1)))
                    && group.similarUnits().mean() != null
                    && (widest == null || group.width() > widest.width())) {
                widest = group;
            }
        }
        return widest;
    }
}
